import { randomUUID } from 'node:crypto';
import type { FunctionMetadata, InvocationRequest, InvocationResponse } from './core-types.ts';
import type { Log } from './log.ts';
import type { Dispatcher } from './worker/dispatcher.ts';

export interface InvokeOptions {
  readonly dispatcher: Dispatcher;
  readonly log: Log;
  /** Milliseconds (host.json `functionTimeout`); an overrun fails the invocation and restarts the worker. */
  readonly timeout: number;
  /** Sends what the function returned to its output bindings; a failure fails the invocation. */
  readonly sendOutputs: (metadata: FunctionMetadata, response: InvocationResponse) => Promise<void>;
}

export interface InvocationOptions {
  /** The same for every try of one event. */
  readonly invocationId?: string;
  readonly reason?: string;
  readonly onSend?: (httpUri: string | undefined) => void;
}

export type Invoke = (
  target: FunctionMetadata,
  request: InvocationRequest,
  options?: InvocationOptions,
) => Promise<InvocationResponse>;

const exceptionText = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Runs functions in the worker, in their time, and sends what they return to their output bindings. */
export function makeInvoke({ dispatcher, log, timeout, sendOutputs }: InvokeOptions): Invoke {
  /** Rejects at `functionTimeout`, and restarts the worker, as WebScriptHostExceptionHandler of the real host does. */
  function overrun(name: string, invocationId: string) {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const message = `Timeout value of ${timeout / 1000} s exceeded by function '${name}'. Restarting worker process`;
      log({ level: 'critical', category: `Function.${name}`, invocationId, message });
      reject(new Error(message));
      dispatcher.restart(invocationId);
    }, timeout);
    return { promise, cancel: () => clearTimeout(timer) };
  }

  return async (target, request, options = {}) => {
    const { name } = target;
    const { invocationId = randomUUID(), reason = name, onSend } = options;
    const category = `Function.${name}`;
    const began = performance.now();
    log({ level: 'debug', category, invocationId, message: `Executing '${name}'`, reason });
    const limit = overrun(name, invocationId);
    try {
      const response = await Promise.race([
        dispatcher.invoke(name, request, invocationId, onSend),
        limit.promise,
      ]);
      await sendOutputs(target, response);
      const milliseconds = Math.round(performance.now() - began);
      log({ level: 'information', category, invocationId, message: `Executed '${name}'`, milliseconds });
      return response;
    } catch (error) {
      const message = `Executed '${name}' (Failed)`;
      log({ level: 'error', category, invocationId, message, exception: exceptionText(error) });
      throw error;
    } finally {
      limit.cancel();
    }
  };
}
