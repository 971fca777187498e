import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { emulatorConfig } from '../../infra/azure/emulator-config.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Workflow {
  readonly permissions: Record<string, string>;
  readonly jobs: Record<
    string,
    { readonly steps: readonly { uses?: string; run?: string }[]; readonly env?: Record<string, string> }
  >;
}

const workflow = (name: string): Workflow => load(read(`.github/workflows/${name}.yml`)) as Workflow;

describe('workflows', () => {
  test('deploy signs in with the identity of the workflow and stores no secret', () => {
    expect(workflow('deploy').permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(read('.github/workflows/deploy.yml')).not.toContain('secrets.');
  });

  test('deploy hands over every variable that serverless.yml and the migrations ask for', () => {
    const inYml = [...read('serverless.yml').matchAll(/\$\{env:(\w+), ''\}/g)].map(([, name]) => name);
    const inMigrations = [...read('infra/azure/database-users.ts').matchAll(/environment\['(\w+)'\]/g)]
      .map(([, name]) => name)
      .filter((name) => name !== 'DARKROOM_DATABASE_USERS');
    const wanted = [...inYml, ...inMigrations];
    expect(Object.keys(workflow('deploy').jobs['deploy']?.env ?? {})).toEqual(expect.arrayContaining(wanted));
  });

  test.each(['test', 'deploy'])('%s runs scripts that exist', (name) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { run } of Object.values(workflow(name).jobs).flatMap(({ steps }) => steps)) {
      const script = /npm run ([\w:-]+)/.exec(run ?? '')?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      const file = /node ([\w./-]+\.m?[tj]s)/.exec(run ?? '')?.[1];
      if (file !== undefined) expect(existsSync(new URL(file, root))).toBe(true);
    }
  });
});

describe('infra/local/compose.yml', () => {
  test('gives the official emulator the hubs and consumer groups of shared/stream/hubs.ts', () => {
    expect(JSON.parse(read('infra/local/event-hubs-emulator.json'))).toEqual(emulatorConfig);
  });

  test('uses official images only', () => {
    const { services } = load(read('infra/local/compose.yml')) as {
      services: Record<string, { image: string }>;
    };
    for (const { image } of Object.values(services)) expect(image).toMatch(/^mcr\.microsoft\.com\//);
  });
});
