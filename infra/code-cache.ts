/**
 * Writes beside each file of a bundle what V8 compiles of it when it is loaded: `node infra/code-cache.ts FOLDER FILE…`. A
 * process of its own, as what it loads registers functions and stays loaded.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { codeCacheOf, loadBundle } from '../functions/bundle-loader.ts';
import { builtFileMode } from './processing-bundle.ts';
import { writeWhole } from './write-whole.ts';

/** What the functions register with, as far as loading them goes. */
function registrations() {
  let model: unknown;
  const disposable = { dispose: () => undefined };
  return {
    ...{ version: '1.0.0', hostVersion: '4.0.0', workerVersion: '3.0.0', log: () => undefined },
    registerFunction: () => disposable,
    registerHook: () => disposable,
    setProgrammingModel: (given: { getInvocationModel: unknown }) => (model = given),
    getProgrammingModel: () => model,
  };
}

const [folder, ...names] = process.argv.slice(2);
const directory = resolve(folder!);
const requireOthers = createRequire(join(directory, 'main.cjs'));
const core = registrations();
const bundle = loadBundle(directory, (name) =>
  name === '@azure/functions-core' ? core : requireOthers(name),
);
for (const name of names) bundle.load(`./${name}`);
for (const [name, script] of bundle.scripts) {
  writeWhole(join(directory, codeCacheOf(name)), script.createCachedData(), builtFileMode);
}
process.exit(0);
