import { randomUUID } from 'node:crypto';
import type {
  CoreInvocationContext,
  FunctionMetadata,
  InvocationRequest,
  InvocationResponse,
} from './core-types.ts';
import type { Log } from './log.ts';
import type { FunctionApp, RegisteredFunction } from './worker.ts';

export interface InvokeOptions {
  readonly app: FunctionApp;
  readonly log: Log;
  /** Milliseconds (host.json `functionTimeout`); an overrun ends the process, as Azure ends the worker. */
  readonly timeout: number;
  /** Sends what the function returned to its output bindings; a failure fails the invocation. */
  readonly sendOutputs: (metadata: FunctionMetadata, response: InvocationResponse) => Promise<void>;
}

export type Invoke = (
  target: RegisteredFunction,
  request: InvocationRequest,
  options?: { invocationId?: string; reason?: string },
) => Promise<InvocationResponse>;

const exceptionText = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

function makeContext(
  { metadata }: RegisteredFunction,
  request: InvocationRequest,
  invocationId: string,
  log: Log,
): CoreInvocationContext {
  return {
    invocationId,
    request: { ...request, invocationId },
    metadata,
    log(level, category, message) {
      const suffix = category === 'user' ? '.User' : '';
      log({ level, category: `Function.${metadata.name}${suffix}`, invocationId, message });
    },
  };
}

/** Runs functions as the Node worker does: arguments, hooks, handler, response, then output bindings. */
export function makeInvoke({ app, log, timeout, sendOutputs }: InvokeOptions): Invoke {
  async function run(target: RegisteredFunction, context: CoreInvocationContext) {
    const model = app.model.getInvocationModel(context);
    const { context: invocationContext, inputs } = await model.getArguments();
    const hookData = {};
    const pre = { hookData, invocationContext, functionCallback: target.callback, inputs };
    context.state = 'preInvocationHooks';
    await app.runHooks('preInvocation', pre);
    context.state = 'invocation';
    const post: Record<string, unknown> = { hookData, invocationContext, inputs, result: null, error: null };
    try {
      post['result'] = await model.invokeFunction(invocationContext, pre.inputs, pre.functionCallback);
    } catch (error) {
      post['error'] = error ?? new Error('The function threw nothing.');
    }
    context.state = 'postInvocationHooks';
    await app.runHooks('postInvocation', post);
    context.state = undefined;
    if (post['error'] !== null) throw post['error'] as Error;
    return model.getResponse(invocationContext, post['result']);
  }

  return async (target, request, { invocationId = randomUUID(), reason = target.metadata.name } = {}) => {
    const { name } = target.metadata;
    const category = `Function.${name}`;
    const began = performance.now();
    log({ level: 'debug', category, invocationId, message: `Executing '${name}'`, reason });
    const watchdog = setTimeout(() => {
      log({ level: 'critical', category, invocationId, message: `'${name}' ran over functionTimeout` });
      process.exit(1);
    }, timeout);
    try {
      const response = await run(target, makeContext(target, request, invocationId, log));
      await sendOutputs(target.metadata, response);
      const milliseconds = Math.round(performance.now() - began);
      log({ level: 'information', category, invocationId, message: `Executed '${name}'`, milliseconds });
      return response;
    } catch (error) {
      const message = `Executed '${name}' (Failed)`;
      log({ level: 'error', category, invocationId, message, exception: exceptionText(error) });
      throw error;
    } finally {
      clearTimeout(watchdog);
    }
  };
}
