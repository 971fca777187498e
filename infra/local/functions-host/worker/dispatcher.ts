import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionMetadata, InvocationRequest, InvocationResponse } from '../core-types.ts';
import { blockOnEntryError } from './protocol.ts';
import { startWorker, type WorkerOptions, type WorkerProcess } from './worker-process.ts';

/** Of the real host (RpcFunctionInvocationDispatcher, WorkerConstants): how often a worker may end by itself. */
const workerRestarts = {
  /** The host ends itself when its worker has ended this often, each time within `windowMs` of the last. */
  errors: 3,
  windowMs: 30 * 60_000,
  /** Between two starts. */
  pauseMs: 10_000,
} as const;

const category = 'Host.Function.Worker';

export interface Dispatcher {
  readonly functions: ReadonlyMap<string, FunctionMetadata>;
  /** `onSend` is called with the address of the worker's HTTP server before the worker is told. */
  invoke(
    name: string,
    request: InvocationRequest,
    invocationId: string,
    onSend?: (httpUri: string | undefined) => void,
  ): Promise<InvocationResponse>;
  /** Ends the worker in which this invocation runs, if one does, and starts another; its other invocations fail, too. */
  restart(invocationId: string): void;
  /** Starts another worker, gives it all new invocations, and ends the old one when its own are done. */
  roll(): Promise<void>;
  close(): Promise<void>;
}

export interface DispatcherOptions extends WorkerOptions {
  /** The worker ended too often: the host has to start anew. */
  readonly onGiveUp: () => void;
}

const triggersOf = (functions: readonly FunctionMetadata[]): string =>
  JSON.stringify(functions.map(({ name, bindings, retryOptions }) => [name, bindings, retryOptions]).sort());

function checkEntry({ started }: WorkerProcess, { environment, log }: WorkerOptions): void {
  const { entryError } = started;
  if (entryError === undefined) return;
  const message = 'Worker was unable to load the entry file';
  if (environment[blockOnEntryError] === '1') throw new Error(`${message}: ${entryError}`);
  log({ level: 'error', category, message, exception: entryError });
}

/** Keeps one worker running and sends invocations to it; while it starts, they wait. */
export async function openDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { log } = options;
  const errors: number[] = [];
  const live = new Set<WorkerProcess>();
  /** Workers whose end is meant. */
  const dismissed = new Set<WorkerProcess>();
  let lastRestart = -Infinity;

  async function start(): Promise<WorkerProcess> {
    const worker = await startWorker(options);
    try {
      checkEntry(worker, options);
    } catch (error) {
      worker.kill();
      throw error;
    }
    live.add(worker);
    void worker.exited.then((how) => {
      live.delete(worker);
      if (dismissed.delete(worker)) return;
      log({ level: 'error', category, message: `Language Worker Process exited: ${how}`, pid: worker.pid });
      countError();
      use(replace());
    });
    return worker;
  }

  function countError(): void {
    const now = Date.now();
    if (now - (errors.at(-1) ?? now) > workerRestarts.windowMs) errors.length = 0;
    errors.push(now);
    if (errors.length < workerRestarts.errors) return;
    log({ level: 'critical', category, message: 'Exceeded language worker restart retry count' });
    options.onGiveUp();
  }

  async function replace(): Promise<WorkerProcess> {
    await sleep(Math.max(0, lastRestart + workerRestarts.pauseMs - Date.now()));
    lastRestart = Date.now();
    return start();
  }

  let current = start();
  const first = await current;

  function use(next: Promise<WorkerProcess>): void {
    current = next;
    next.catch((error: unknown) => {
      if (current !== next) return;
      log({ level: 'critical', category, message: 'The worker does not start', exception: String(error) });
      options.onGiveUp();
    });
  }

  async function dismiss(worker: WorkerProcess): Promise<void> {
    dismissed.add(worker);
    await worker.drain();
  }

  return {
    functions: new Map(first.started.functions.map((metadata) => [metadata.name, metadata])),
    async invoke(name, request, invocationId, onSend) {
      const worker = await current;
      onSend?.(worker.started.httpUri);
      return worker.invoke(name, request, invocationId);
    },
    restart(invocationId) {
      for (const worker of live) {
        if (!worker.isRunning(invocationId)) continue;
        // One that only ends what it runs has a successor already.
        if (!dismissed.has(worker)) use(worker.exited.then(start));
        dismissed.add(worker);
        worker.kill();
      }
    },
    async roll() {
      const next = await start();
      if (triggersOf(next.started.functions) !== triggersOf(first.started.functions)) {
        dismissed.add(next);
        next.kill();
        throw new Error('The new package has other functions or triggers: restart the host for it.');
      }
      // Whatever runs or is being started by now, and no worker of before: that may have ended while this one started.
      const before = current;
      use(Promise.resolve(next));
      await before.then(dismiss, () => undefined);
    },
    async close() {
      await dismiss(await current);
    },
  };
}
