/**
 * Loads a bundle with nothing but `@azure/functions-core` provided, as the Functions worker does, and prints what it
 * registered as JSON. `--time` prints the milliseconds that loading took instead.
 */
'use strict';

const { registerHooks } = require('node:module');
const { performance } = require('node:perf_hooks');
const { resolve } = require('node:path');

const registered = [];
let programmingModel;
globalThis.darkroomFunctionsCore = {
  version: '4.0.0',
  hostVersion: '4.0.0',
  workerVersion: '3.13.0',
  registerFunction(metadata, callback) {
    registered.push({
      name: metadata.name,
      bindings: Object.values(metadata.bindings),
      callback: typeof callback,
    });
    return { dispose() {} };
  },
  registerHook: () => ({ dispose() {} }),
  setProgrammingModel: (model) => {
    programmingModel = model;
  },
  getProgrammingModel: () => programmingModel,
  log() {},
  Disposable: { from: () => ({ dispose() {} }) },
};

registerHooks({
  resolve(specifier, context, next) {
    return specifier === '@azure/functions-core'
      ? { url: 'darkroom:functions-core', format: 'commonjs', shortCircuit: true }
      : next(specifier, context);
  },
  load(url, context, next) {
    return url === 'darkroom:functions-core'
      ? {
          format: 'commonjs',
          source: 'module.exports = globalThis.darkroomFunctionsCore;',
          shortCircuit: true,
        }
      : next(url, context);
  },
});

const began = performance.now();
require(resolve(process.argv[2]));
const took = performance.now() - began;
process.stdout.write(
  process.argv.includes('--time')
    ? String(took)
    : JSON.stringify(registered.map(({ name, bindings }) => ({ name, bindings }))),
  () => process.exit(0),
);
