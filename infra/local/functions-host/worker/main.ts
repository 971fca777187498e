/** The worker: a process that loads the bundle and runs what the host asks it to. `main.ts BUNDLE`, started by the host. */
import type { WorkerException, HostMessage, WorkerMessage } from './protocol.ts';
import { settle } from '../settle.ts';
import { loadFunctionApp } from './function-app.ts';
import { listenOnLoopbackOnly } from './loopback.ts';
import { runInvocation } from './run-invocation.ts';

// Without its host a worker is of no use, and no signal but the host's message ends it in order.
process.on('disconnect', () => process.exit(1));
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);

const say = (message: WorkerMessage): void => {
  process.send?.(message);
};

const exceptionOf = (error: unknown): WorkerException =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack ?? error.message }
    : { name: '', message: String(error), stack: String(error) };

listenOnLoopbackOnly();
const app = await loadFunctionApp(process.argv[2]!, (entry) => say({ type: 'log', entry }));

async function invoke({ invocationId, name, request }: HostMessage & { type: 'invoke' }): Promise<void> {
  try {
    const log = (entry: Extract<WorkerMessage, { type: 'log' }>['entry']) => say({ type: 'log', entry });
    const response = await runInvocation(app, name, request, invocationId, log);
    say({ type: 'returned', invocationId, response });
  } catch (error) {
    say({ type: 'threw', invocationId, exception: exceptionOf(error) });
  }
}

async function terminate(): Promise<void> {
  await settle(app.runHooks('appTerminate', { hookData: {}, appHookData: {} }));
  process.exit(0);
}

process.on('message', (message: HostMessage) => {
  if (message.type === 'invoke') void invoke(message);
  else void terminate();
});

say({
  type: 'started',
  functions: [...app.functions.values()].map(({ metadata }) => metadata),
  httpUri: app.capabilities['HttpUri'],
  capabilities: app.capabilities,
  entryError: app.entryError?.stack,
});
