/**
 * What a new instance spends before it can take its first event: loading the bundle with all services, with each
 * app's own, and, to compare with, an app that imports `@azure/functions` and registers one function.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { apps } from '../../infra/azure/template/apps.ts';
import { buildFunctions } from '../../infra/build.ts';
import type { Bench } from './harness/bench.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const collector = join(root, 'infra/azure/collect-functions.cjs');
const folder = mkdtempSync(join(tmpdir(), 'darkroom-cold-start-'));

/** Milliseconds that a fresh process takes to load a bundle, its own start left out. */
async function load(bundle: string, services: readonly string[]): Promise<number> {
  const env = { PATH: process.env['PATH'], DARKROOM_SERVICES: services.join(',') };
  const { stdout } = await run(process.execPath, [collector, bundle, '--time'], { env });
  return Number(stdout);
}

/** The least that a function app can be. */
async function smallest(): Promise<string> {
  const source = join(root, `node_modules/.cache/cold-start-${process.pid}.cjs`);
  const bundle = join(folder, 'smallest.cjs');
  mkdirSync(dirname(source), { recursive: true });
  writeFileSync(
    source,
    "const { app } = require('@azure/functions');\napp.http('hello', { handler: () => ({ body: 'hello' }) });\n",
  );
  try {
    await build({
      entryPoints: [source],
      outfile: bundle,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      external: ['@azure/functions-core'],
    });
  } finally {
    rmSync(source);
  }
  return bundle;
}

const bench: Bench = {
  about: 'loading the deployed bundle in a new process, beside an app that only imports @azure/functions',
  async cases() {
    await buildFunctions({ minify: true });
    const main = join(root, 'dist/main.cjs');
    const baseline = await smallest();
    const contenders = Object.fromEntries(
      Object.entries(apps).map(([app, { services }]) => [app, () => load(main, services)]),
    );
    const names = Object.keys(contenders);
    return [
      {
        name: 'load',
        unit: 'ms',
        contenders: {
          '@azure/functions': () => load(baseline, []),
          'all services': () => load(main, []),
          ...contenders,
        },
        compare: ['all services', ...names].map((name) => [name, '@azure/functions'] as const),
        runs: 15,
        warmUps: 2,
      },
    ];
  },
  close() {
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  },
};

export default bench;
