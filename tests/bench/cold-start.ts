/**
 * What a new instance spends until it has answered its first request, from the start of its process: each app with the
 * package as it is deployed, and, to compare with, an app that imports `@azure/functions` and registers one function.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { apps, type AppName } from '../../infra/azure/template/apps.ts';
import { buildFunctions, bundleFunctions } from '../../infra/build.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';
import type { Bench, Case } from './harness/bench.ts';
import { buildColdWorker, firstAnswer, type FirstRequest } from './support/cold-start.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'darkroom-cold-start-'));

let stack: WholeStack | undefined;

/** The least that a function app can be. */
async function smallest(): Promise<string> {
  const source = join(root, `node_modules/.cache/cold-start-${process.pid}.cjs`);
  const bundle = join(folder, 'smallest.cjs');
  mkdirSync(dirname(source), { recursive: true });
  writeFileSync(
    source,
    "const { app } = require('@azure/functions');\napp.setup({ enableHttpStream: true });\n" +
      "app.http('hello', { handler: () => ({ body: 'hello' }) });\n",
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

/** Of the apps that people ask: something of the database for whoever may see it. */
const questions: Readonly<Partial<Record<AppName, { name: string; path: string; persona: string }>>> = {
  edge: { name: 'listImages', path: '/images', persona: 'uploader' },
  desks: { name: 'listProducts', path: '/sales/products', persona: 'sales' },
  maintenance: { name: 'listPurges', path: '/operations/purges', persona: 'engineering' },
};

const appNames = Object.keys(apps) as AppName[];
const asked = Object.keys(questions) as AppName[];
const emptyApp = 'an empty app';

const bench: Bench = {
  about: 'from the start of a process to its first answer, beside an app that only imports @azure/functions',
  async cases() {
    // Before the package: a stack builds dist/ for itself.
    const whole = await openWholeStack();
    stack = whole;
    const outdir = join(root, 'node_modules/.cache/cold-start');
    await buildFunctions({ minify: true, outdir });
    const [worker, empty] = [await buildColdWorker(folder), await smallest()];
    const request = { bundle: join(outdir, 'main.cjs'), headers: {} };
    const settingsOf = (app: AppName) => ({
      ...whole.stack.settings,
      DARKROOM_SERVICES: apps[app].services.join(','),
    });
    const first = (
      app: AppName,
      status: number,
      of: Pick<FirstRequest, 'name' | 'path'> & Partial<FirstRequest>,
    ) => firstAnswer(worker, { ...request, ...of, path: `/api${of.path}` }, status, settingsOf(app));
    const hello = { ...request, bundle: empty, name: 'hello', path: '/api/hello' };
    const baseline = { [emptyApp]: async () => (await firstAnswer(worker, hello, 200, {})).ms };
    const compared = (
      name: string,
      names: readonly AppName[],
      ask: (app: AppName) => Promise<{ readonly ms: number }>,
    ): Case => ({
      name,
      unit: 'ms',
      contenders: {
        ...baseline,
        ...Object.fromEntries(names.map((app) => [app, async () => (await ask(app)).ms])),
      },
      compare: names.map((app) => [app, emptyApp] as const),
      runs: 15,
      warmUps: 1,
    });
    const bundle = await bundleFunctions({ minify: true });
    const kilobytesOf = (app: AppName): number =>
      bundle.loadedBy(apps[app].services).files.reduce((sum, { text }) => sum + text.length, 0) / 1000;
    const live = { name: 'live', path: '/health/live' };
    const tokens = Object.fromEntries(
      await Promise.all(
        asked.map(async (app) => [
          app,
          await whole.stack.token(questions[app]!.persona, { expiresIn: 8 * 3600 }),
        ]),
      ),
    ) as Record<AppName, string>;
    return [
      compared('204 of /health/live', appNames, (app) => first(app, 204, live)),
      compared('401', asked, (app) => first(app, 401, questions[app]!)),
      compared('200, from the database, with a token', asked, (app) =>
        first(app, 200, { ...questions[app]!, headers: { authorization: `Bearer ${tokens[app]}` } }),
      ),
      {
        name: 'JavaScript that a start loads',
        unit: 'kB',
        contenders: {
          [emptyApp]: () => Promise.resolve(statSync(empty).size / 1000),
          ...Object.fromEntries(appNames.map((app) => [app, () => Promise.resolve(kilobytesOf(app))])),
        },
        compare: appNames.map((app) => [app, emptyApp] as const),
        runs: 1,
        warmUps: 0,
      },
    ];
  },
  async close() {
    await stack?.close();
    rmSync(folder, { recursive: true, force: true });
  },
};

export default bench;
