import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { rolesOfService } from '../../../infra/azure/database-users.ts';
import { apps } from '../../../infra/azure/template/apps.ts';
import { identityNames } from '../../../infra/azure/template/identities.ts';
import { template } from '../../../infra/azure/template/template.ts';
import { componentNames } from '../../../infra/local/supervisor/components.ts';
import { defaultPorts } from '../../../infra/local/supervisor/ports.ts';
import { roles } from '../../../shared/platform/auth/principal.ts';
import { containers } from '../../../shared/platform/blobs/containers.ts';
import { catalog, type SchemaName } from '../../../shared/database/catalog/index.ts';
import { roleOf } from '../../../shared/database/roles.ts';
import { consumerGroups, hubs, retentionHours, type Hub } from '../../../shared/stream/hubs.ts';
import { serviceNames, type ServiceName } from '../../../shared/platform/services.ts';
import { namesOf, readDrawing, type Drawing, type Shape } from './support/drawing.ts';

const real: Readonly<Record<string, readonly string[]>> = {
  service: serviceNames,
  hub: Object.values(hubs),
  container: Object.values(containers),
  app: Object.keys(apps),
  identity: identityNames,
  schema: Object.keys(catalog),
  component: componentNames,
  role: roles,
};
const schemas = Object.keys(catalog) as SchemaName[];
const sites = template.resources.filter(({ type }) => type === 'Microsoft.Web/sites');
const tagsOf = ({ tags }: (typeof sites)[number]) => tags as Record<string, string>;

const ports: Readonly<Record<(typeof componentNames)[number], readonly number[]>> = {
  azurite: [defaultPorts.blob],
  'event-hubs': [defaultPorts.amqp, defaultPorts.kafka],
  'database-one': [defaultPorts.database],
  'database-two': [defaultPorts.replica],
  identity: [defaultPorts.identity],
  functions: [defaultPorts.api],
};

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Each finds what a drawing says and the code does not, and the other way round. */
const rules = {
  'every thing of each kind in the code is drawn, and no other': ({ shapes }: Drawing) => [
    ...Object.entries(real).flatMap(([kind, names]) => {
      const drawn = sorted(shapes.flatMap((shape) => namesOf(kind, shape)));
      return [
        ...names.filter((name) => !drawn.includes(name)).map((name) => `${kind}:${name} is not drawn`),
        ...drawn.filter((name) => !names.includes(name)).map((name) => `${kind}:${name} is not real`),
      ];
    }),
    ...shapes.flatMap(({ facts }) => facts.filter((one) => !(one.split(':')[0]! in real))),
  ],

  'a shape’s text names what it stands for': ({ shapes }: Drawing) =>
    shapes.flatMap(({ id, facts, text }) =>
      facts
        .map((fact) => fact.split(':') as [kind: string, name: string])
        .filter(([kind, name]) => kind !== 'role' && !letters(text).includes(letters(name)))
        .map(([kind, name]) => `${id} stands for ${kind}:${name} and says "${text}"`),
    ),

  'a hub that stands alone says how long it keeps events and who reads it': ({ shapes }: Drawing) =>
    shapes.flatMap((shape) => {
      const [name, ...others] = namesOf('hub', shape) as Hub[];
      if (name === undefined || others.length > 0) return [];
      const says = `kept ${retentionHours[name]} h group ${consumerGroups[name]}`;
      return shape.text.includes(says) ? [] : [`${shape.id} does not say "${says}"`];
    }),

  'a component of the local stack says its ports': ({ shapes }: Drawing) =>
    shapes.flatMap((shape) => {
      const names = namesOf('component', shape) as (keyof typeof ports)[];
      if (names.length === 0) return [];
      const said = [...shape.text.matchAll(/\d{4,5}/g)].map(([digits]) => Number(digits));
      return isEqual(
        said,
        names.flatMap((name) => ports[name]),
      )
        ? []
        : [`${shape.id} says the ports ${said.join(', ')}`];
    }),

  'an app has the services that the template deploys in it': ({ shapes }: Drawing) =>
    shapes.flatMap((shape) => {
      const [name] = namesOf('app', shape);
      if (name === undefined) return [];
      const deployed = sites.map(tagsOf).filter((tag) => tag['darkroom-app'] === name);
      const services = namesOf('service', shape).join(',');
      const isReal = deployed.length > 0 && deployed.every((tag) => tag['darkroom-services'] === services);
      return isReal ? [] : [`${shape.page}: ${name} has ${services}`];
    }),

  'every hub is in the template': ({ shapes }: Drawing) => {
    const deployed = JSON.stringify(
      template.resources.filter(({ type }) => type === 'Microsoft.EventHub/namespaces/eventhubs'),
    );
    return shapes.flatMap((shape) => namesOf('hub', shape)).filter((name) => !deployed.includes(`'${name}'`));
  },

  'arrows from services to schemas are the database roles of their identities': ({
    shapes,
    arrows,
  }: Drawing) => {
    const targets = (of: Shape) =>
      sorted(arrows.filter(([from]) => from === of).flatMap(([, to]) => namesOf('schema', to)));
    return shapes
      .filter(({ page }) => page === 'order-desk')
      .flatMap((shape) =>
        namesOf('service', shape).flatMap((service) => {
          const granted = rolesOfService[service as ServiceName];
          const allowed = sorted(schemas.filter((name) => granted.includes(roleOf(name))));
          return isEqual(targets(shape), allowed) ? [] : [`${service} reaches ${targets(shape).join(', ')}`];
        }),
      );
  },

  'arrows from apps to identities are what the template attaches': ({ arrows }: Drawing) =>
    Object.keys(apps).flatMap((app) => {
      const site = sites.find((one) => tagsOf(one)['darkroom-app'] === app)!;
      const identity = site['identity'] as { userAssignedIdentities: Record<string, unknown> };
      const keys = Object.keys(identity.userAssignedIdentities);
      const attached = sorted(identityNames.filter((name) => keys.some((key) => key.includes(`'${name}'`))));
      const drawn = sorted(
        arrows
          .filter(([from]) => namesOf('app', from).includes(app))
          .flatMap(([, to]) => namesOf('identity', to)),
      );
      return isEqual(drawn, attached)
        ? []
        : [`${app} has ${drawn.join(', ')}, deployed: ${attached.join(', ')}`];
    }),

  'every number of an arrow is explained in docs/architecture.md, once, and no other is': ({
    labels,
  }: Drawing) => {
    const numbers = labels.filter((text) => /^[A-Z]?\d+$/.test(text)).sort();
    const explained = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| \*\*(\w+)\*\* /gm)]
      .map(([, step]) => step!)
      .sort();
    return isEqual(numbers, explained) ? [] : [`drawn: ${numbers.join()}; explained: ${explained.join()}`];
  },
} as const;

const drawio = readFileSync('docs/architecture.drawio', 'utf8');

test.each(Object.entries(rules))('%s', (_rule, differences) => {
  expect(differences(readDrawing(drawio))).toEqual([]);
});

describe('what is wrong is found', () => {
  /** Something wrong in the file, and the first that is said of it. */
  const wrong: readonly (readonly [what: string, from: string | RegExp, to: string, says: string])[] = [
    ['a renamed hub', /hub:image-stream\b/g, 'hub:image-river', 'hub:image-stream is not drawn'],
    ['a hub that is not drawn', /hub:image-reprocessing\b/g, '', 'hub:image-reprocessing is not drawn'],
    [
      'a kind that there is not',
      'hub:image-dead-letter',
      'queue:image-dead-letter',
      'queue:image-dead-letter',
    ],
    ['a text that names another', /;raw&lt;/g, ';crude&lt;', 'raw stands for container:raw'],
    ['another retention', 'kept 144 h', 'kept 24 h', 'does not say "kept 144 h'],
    ['another port', 'Kafka 9092', 'Kafka 9093', 'says the ports 5672, 9093'],
    [
      'a service in another app',
      /service:stream service:processing/g,
      'service:stream',
      'pipeline has stream',
    ],
    [
      'an arrow to another schema',
      'target="schema-sales"',
      'target="schema-warehouse"',
      'sales reaches warehouse',
    ],
    [
      'an arrow to another identity',
      'target="identity-desks"',
      'target="identity-pipeline"',
      'desks has pipeline',
    ],
    ['a number that nobody explains', 'value="20"', 'value="21"', ',21'],
  ];

  test.each(wrong)('%s', (_what, from, to, says) => {
    const drawing = readDrawing(drawio.replace(from, to));
    expect(
      Object.values(rules)
        .flatMap((differences) => differences(drawing))
        .join('\n'),
    ).toContain(says);
  });
});
