import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../component-process.ts';
import type { InvocationRequest, InvocationResponse } from '../core-types.ts';
import type { Log } from '../log.ts';
import type { WorkerMessage, WorkerException, WorkerStarted, HostMessage } from './protocol.ts';

const script = fileURLToPath(new URL('./main.ts', import.meta.url));

/** A function that threw, as the host knows it. */
class FunctionException extends Error {
  constructor({ name, message, stack }: WorkerException) {
    super(message);
    this.name = name;
    this.stack = stack;
  }
}

/** The worker ended while an invocation ran. */
export class WorkerEnded extends Error {
  override readonly name = 'WorkerProcessExitException';
}

export interface WorkerProcess {
  readonly pid: number;
  readonly started: WorkerStarted;
  /** Rejects with FunctionException, or with WorkerEnded when the process ends before the function does. */
  invoke(name: string, request: InvocationRequest, invocationId: string): Promise<InvocationResponse>;
  isRunning(invocationId: string): boolean;
  /** Resolves when the process is gone, with what it ended by. */
  readonly exited: Promise<string>;
  kill(): void;
  /** Waits for its invocations, then ends it. */
  drain(): Promise<void>;
}

export interface WorkerOptions {
  readonly bundle: string;
  /** The folder of host.json, as for the real worker. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

const startedIn = (child: ChildProcess): Promise<WorkerStarted> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'started') resolve(message);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new WorkerEnded(`The worker ended with ${signal ?? code} before it had started.`)),
    );
  });

export async function startWorker({
  bundle,
  directory,
  environment,
  log,
}: WorkerOptions): Promise<WorkerProcess> {
  const child = fork(script, [bundle], {
    cwd: directory,
    env: environment,
    execArgv: nodeFlags,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const running = new Map<string, PromiseWithResolvers<InvocationResponse>>();
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'log') log(message.entry);
    if (message.type !== 'returned' && message.type !== 'threw') return;
    const invocation = running.get(message.invocationId);
    running.delete(message.invocationId);
    if (message.type === 'returned') invocation?.resolve(message.response);
    else invocation?.reject(new FunctionException(message.exception));
  });
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      const how = signal ?? `code ${code}`;
      for (const { reject } of running.values()) reject(new WorkerEnded(`node exited with ${how}.`));
      running.clear();
      resolve(how);
    });
  });
  const started = await startedIn(child);
  const send = (message: HostMessage): boolean => child.connected && child.send(message);
  return {
    pid: child.pid!,
    started,
    exited,
    isRunning: (invocationId) => running.has(invocationId),
    kill: () => child.kill('SIGKILL'),
    invoke(name, request, invocationId) {
      const invocation = Promise.withResolvers<InvocationResponse>();
      running.set(invocationId, invocation);
      if (!child.connected) invocation.reject(new WorkerEnded('The worker is gone.'));
      else send({ type: 'invoke', invocationId, name, request });
      return invocation.promise;
    },
    async drain() {
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ promise }) => promise));
      send({ type: 'terminate' });
      await exited;
    },
  };
}
