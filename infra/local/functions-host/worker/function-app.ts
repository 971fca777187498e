import { createRequire, registerHooks } from 'node:module';
import type { FunctionCallback, FunctionMetadata, Hook, HookName, LogLevel } from '../core-types.ts';
import { hookNames, type ProgrammingModel } from '../core-types.ts';
import type { Log } from '../log.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** A loaded bundle and what it registered. */
export interface FunctionApp {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  /** Undefined when the bundle registered nothing. */
  readonly model: ProgrammingModel | undefined;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly entryError: Error | undefined;
  runHooks(name: HookName, context: Record<string, unknown>): Promise<void>;
}

/** What the Node worker announces before the library adds its own (getWorkerCapabilities of azure-functions-nodejs-worker). */
const workerCapabilities = {
  RawHttpBodyBytes: 'true',
  RpcHttpTriggerMetadataRemoved: 'true',
  RpcHttpBodyOnly: 'true',
  IgnoreEmptyValuedRpcHttpHeaders: 'true',
  UseNullableValueDictionaryForHttp: 'true',
  WorkerStatus: 'true',
  TypedDataCollection: 'true',
  HandlesWorkerTerminateMessage: 'true',
};

function makeCoreApi(log: Log) {
  const functions = new Map<string, RegisteredFunction>();
  const hooks = new Map<HookName, Hook[]>(hookNames.map((name) => [name, []]));
  const state: { model?: ProgrammingModel; started: boolean } = { started: false };
  const api = {
    version: '1.0.0',
    hostVersion: '4.1037.0',
    workerVersion: '3.13.0',
    registerFunction(metadata: FunctionMetadata, callback: FunctionCallback) {
      if (state.started) throw new Error('A function can only be registered during app startup.');
      if (functions.has(metadata.name)) {
        throw new Error(`A function named "${metadata.name}" is registered already.`);
      }
      functions.set(metadata.name, { metadata, callback });
      return { dispose: () => functions.delete(metadata.name) };
    },
    registerHook(name: HookName, hook: Hook) {
      const registered = hooks.get(name) ?? [];
      registered.push(hook);
      return { dispose: () => registered.splice(registered.indexOf(hook), 1) };
    },
    setProgrammingModel: (model: ProgrammingModel) => (state.model = model),
    getProgrammingModel: () => state.model,
    log: (level: LogLevel, _kind: string, message: string) =>
      log({ level, category: 'Worker.System', message }),
  };
  return { api, functions, hooks, state };
}

/** Answers the bundle's `require('@azure/functions-core')`, as the Node worker does in Azure. */
function provideCoreApi(api: unknown) {
  (globalThis as Record<symbol, unknown>)[Symbol.for('darkroom.functions-core')] = api;
  const url = new URL('./core-api.cjs', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core'
        ? { url, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  });
}

function loadEntryFile(bundle: string): Error | undefined {
  try {
    createRequire(import.meta.url)(bundle);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Loads a bundle as the worker does. Once a process: the library keeps its state in module scope. */
export async function loadFunctionApp(bundle: string, log: Log): Promise<FunctionApp> {
  const { api, functions, hooks, state } = makeCoreApi(log);
  provideCoreApi(api);
  const entryError = loadEntryFile(bundle);
  const runHooks: FunctionApp['runHooks'] = async (name, context) => {
    for (const hook of hooks.get(name) ?? []) await hook(context);
  };
  await runHooks('appStart', { hookData: {}, appHookData: {} });
  state.started = true;
  const capabilities = (await state.model?.getCapabilities({ ...workerCapabilities })) ?? workerCapabilities;
  return { functions, model: state.model, capabilities, entryError, runHooks };
}
