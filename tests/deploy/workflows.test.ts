import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { emulatorConfig } from '../../infra/azure/emulator-config.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Record<string, string>;
  /** A workflow that is the job. */
  readonly uses?: string;
  readonly steps?: readonly { uses?: string; run?: string }[];
  readonly env?: Record<string, string>;
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const names = ['test', 'deploy'];

const workflow = (name: string): Workflow => load(read(`.github/workflows/${name}.yml`)) as Workflow;

describe('workflows', () => {
  test('deploy runs for what is on main and tested, never for a pull request or another workflow', () => {
    const { on, jobs } = workflow('deploy');
    expect(Object.keys(on).sort()).toEqual(['push', 'workflow_dispatch']);
    expect(on['push']).toEqual({ branches: ['main'] });
    expect(jobs['deploy']).toMatchObject({ needs: 'test', if: "github.ref == 'refs/heads/main'" });
    expect(jobs['test']?.uses).toBe('./.github/workflows/test.yml');
    expect(Object.keys(workflow('test').on).sort()).toEqual(['pull_request', 'workflow_call']);
  });

  test('deploy waits for the reviewers of its environment, which docs/deploy.md sets up', () => {
    expect(workflow('deploy').jobs['deploy']?.environment).toMatch(/inputs\.stage/);
    expect(read('docs/deploy.md')).toMatch(/gh api .*environments\/prod[^]*reviewers[^]*protected_branches/);
  });

  test('deploy signs in with the identity of the workflow and stores no secret', () => {
    expect(workflow('deploy').jobs['deploy']?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(read('.github/workflows/deploy.yml')).not.toContain('secrets.');
  });

  test.each(names)('%s gives each job its own rights, and none to all', (name) => {
    expect(workflow(name).permissions).toEqual({});
    for (const [job, { permissions }] of Object.entries(workflow(name).jobs)) {
      expect({ job, contents: permissions?.['contents'] }).toEqual({ job, contents: 'read' });
      const writes = Object.entries(permissions ?? {}).filter(([, right]) => right === 'write');
      expect(writes.map(([what]) => what)).toEqual(job === 'deploy' ? ['id-token'] : []);
    }
  });

  test.each(names)('%s takes every action by its digest', (name) => {
    const used = Object.values(workflow(name).jobs)
      .flatMap(({ steps = [] }) => steps.flatMap(({ uses }) => uses ?? []))
      .filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action));
    expect(used).toEqual([]);
  });

  test('deploy hands over every variable that serverless.yml and the migrations ask for', () => {
    const inYml = [...read('serverless.yml').matchAll(/\$\{env:(\w+), '[^']*'\}/g)].map(([, name]) => name);
    const inMigrations = [...read('infra/azure/database-users.ts').matchAll(/environment\['(\w+)'\]/g)]
      .map(([, name]) => name)
      .filter((name) => name !== 'DARKROOM_DATABASE_USERS');
    const wanted = [...inYml, ...inMigrations];
    expect(Object.keys(workflow('deploy').jobs['deploy']?.env ?? {})).toEqual(expect.arrayContaining(wanted));
  });

  test.each(names)('%s runs scripts that exist', (name) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { run } of Object.values(workflow(name).jobs).flatMap(({ steps = [] }) => steps)) {
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

  test('is reached from this machine alone, and has no password that everybody knows', () => {
    const text = read('infra/local/compose.yml');
    const { services } = load(text) as { services: Record<string, { ports: string[] }> };
    for (const { ports } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    expect(text).toMatch(/MSSQL_SA_PASSWORD: \$\{DARKROOM_SA_PASSWORD:\?/);
  });
});
