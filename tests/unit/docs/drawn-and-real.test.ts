import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { pages } from '../../../docs/architecture/model.ts';
import { rolesOfService } from '../../../infra/azure/database-users.ts';
import { apps } from '../../../infra/azure/template/apps.ts';
import { identityNames } from '../../../infra/azure/template/identities.ts';
import { template } from '../../../infra/azure/template/template.ts';
import { partNames } from '../../../infra/local/supervisor/parts.ts';
import { roles } from '../../../shared/platform/auth/principal.ts';
import { containers } from '../../../shared/platform/blobs/containers.ts';
import { catalog, type SchemaName } from '../../../shared/database/catalog/index.ts';
import { roleOf } from '../../../shared/database/roles.ts';
import { hubs } from '../../../shared/stream/hubs.ts';
import { serviceNames, type ServiceName } from '../../../shared/platform/services.ts';

const real: Readonly<Record<string, readonly string[]>> = {
  service: serviceNames,
  hub: Object.values(hubs),
  container: Object.values(containers),
  app: Object.keys(apps),
  identity: identityNames,
  schema: Object.keys(catalog),
  part: partNames,
  role: roles,
};

const shown = new Set(pages.flatMap(({ nodes }) => nodes.flatMap((node) => node.shows)));
const drawn = (kind: string): string[] =>
  [...shown].filter((one) => one.startsWith(`${kind}:`)).map((one) => one.slice(kind.length + 1));

test.each(Object.keys(real))('every %s of the code is drawn, and no other', (kind) => {
  expect(drawn(kind).sort()).toEqual([...real[kind]!].sort());
});

test('nothing is drawn that is of no known kind', () => {
  expect([...shown].filter((one) => !(one.split(':')[0]! in real))).toEqual([]);
});

test('every app and hub that is drawn is in the deployed template, with the services that are drawn', () => {
  const deployed = template.resources.filter(({ type }) => type === 'Microsoft.Web/sites');
  for (const { nodes } of pages)
    for (const node of nodes) {
      const name = node.shows.find((one) => one.startsWith('app:'))?.slice(4);
      if (name === undefined) continue;
      const services = node.shows.filter((one) => one.startsWith('service:')).map((one) => one.slice(8));
      const tags = deployed.map(({ tags }) => tags as Record<string, string>);
      const same = tags.filter((tag) => tag['darkroom-app'] === name);
      expect(same.map((tag) => tag['darkroom-services'])).toEqual([services.join(','), services.join(',')]);
    }
  const deployedHubs = JSON.stringify(
    template.resources.filter(({ type }) => type === 'Microsoft.EventHub/namespaces/eventhubs'),
  );
  expect(drawn('hub').filter((name) => !deployedHubs.includes(`'${name}'`))).toEqual([]);
});

test('arrows from services to schemas are the database roles that their identities get', () => {
  const page = pages.find(({ id }) => id === 'order-desk')!;
  const schemas = Object.keys(catalog) as SchemaName[];
  for (const node of page.nodes) {
    const services = node.shows.filter((one) => one.startsWith('service:')).map((one) => one.slice(8));
    if (services.length === 0) continue;
    const arrows = page.edges
      .filter(({ from }) => from === node.id)
      .map(({ to }) => to.replace('schema ', ''));
    for (const service of services as ServiceName[]) {
      const allowed = schemas.filter((name) => rolesOfService[service].includes(roleOf(name)));
      expect([service, ...arrows.sort()]).toEqual([service, ...allowed.sort()]);
    }
  }
});

test('attached identities and their rights on the drawing are those of the template', () => {
  const page = pages.find(({ id }) => id === 'security')!;
  const sites = template.resources.filter(({ type }) => type === 'Microsoft.Web/sites');
  const attached = page.edges.filter(({ from, to }) => from.endsWith(' app') && to.startsWith('identity '));
  for (const app of Object.keys(apps)) {
    const site = sites.find(({ tags }) => (tags as Record<string, string>)['darkroom-app'] === app)!;
    const identity = site['identity'] as { userAssignedIdentities: Record<string, unknown> };
    const keys = Object.keys(identity.userAssignedIdentities);
    const expected = identityNames.filter((name) => keys.some((key) => key.includes(`'${name}'`)));
    const found = attached.filter(({ from }) => from === `${app} app`).map(({ to }) => to.slice(9));
    expect([app, ...found.sort()]).toEqual([app, ...expected.sort()]);
  }
});

test('every number on the drawings is explained in docs/architecture.md, once, and no other is', () => {
  const numbers = pages.flatMap(({ edges }) =>
    edges.flatMap(({ step }) => (step === undefined ? [] : [step])),
  );
  const explained = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| \*\*(\w+)\*\* /gm)].map(
    ([, step]) => step!,
  );
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(explained.sort()).toEqual(numbers.sort());
});
