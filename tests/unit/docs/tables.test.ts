import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { personas } from '../../../infra/local/identity/personas.ts';
import { apps } from '../../../infra/azure/template/apps.ts';
import { roles } from '../../../shared/platform/auth/principal.ts';
import { catalog, type SchemaName } from '../../../shared/database/catalog/index.ts';
import { roleOf } from '../../../shared/database/roles.ts';

const read = (name: string): string => readFileSync(`docs/${name}`, 'utf8');

test('docs/deploy.md registers every app role of the API, and no other', () => {
  const registered = [...read('deploy.md').matchAll(/"value":"(\w+)"/g)].map(([, role]) => role!);
  expect(registered.sort()).toEqual([...roles].sort());
});

test('docs/database.md names every schema with its role, and no other', () => {
  const named = [...read('database.md').matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, schema, role]) => [
    schema!,
    role!,
  ]);
  const real = (Object.keys(catalog) as SchemaName[]).map((schema) => [schema, roleOf(schema)]);
  expect(named.sort()).toEqual(real.sort());
});

test('docs/security.md names every app with its services, and no other', () => {
  const [, after = ''] = read('security.md').split('## Trust boundaries');
  const table = after.split('\n\n')[1] ?? '';
  const named = [...table.matchAll(/^\| (\w+) +\| ([\w, ]+?) +\|/gm)].slice(1);
  expect(Object.fromEntries(named.map(([, app, services]) => [app!, services!]))).toEqual(
    Object.fromEntries(Object.entries(apps).map(([app, { services }]) => [app, services.join(', ')])),
  );
});

test('README.md names every sample person, and no other', () => {
  const [, list = ''] = /^Personas: (.+)$/m.exec(readFileSync('README.md', 'utf8')) ?? [];
  expect([...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!)).toEqual(Object.keys(personas));
});
