import type { CoreInvocationContext, InvocationRequest, InvocationResponse } from '../core-types.ts';
import type { Log } from '../log.ts';
import type { FunctionApp, RegisteredFunction } from './function-app.ts';

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

/** Runs a function as the Node worker does: arguments, hooks, handler, hooks, response. */
export async function runInvocation(
  app: FunctionApp,
  name: string,
  request: InvocationRequest,
  invocationId: string,
  log: Log,
): Promise<InvocationResponse> {
  const target = app.functions.get(name);
  if (target === undefined || app.model === undefined) {
    throw new Error(`Function code for '${name}' is not loaded and cannot be invoked.`);
  }
  const context = makeContext(target, request, invocationId, log);
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
