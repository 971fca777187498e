import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionMetadata } from '../core-types.ts';
import type { Invoke } from '../invoke.ts';
import { WorkerEnded } from '../worker/worker-process.ts';
import { forward, isForwardable } from './forward.ts';
import { isHeld, limitBody, readHeldBody } from './request-body.ts';
import { bindingData, jsonProperties } from './route-values.ts';

/** Headers as the worker gets them: names in lower case, several values joined. */
const joinedHeaders = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

/** Answers a bare 500, as the real host does for whatever fails in it (ExceptionMiddleware), or cuts what has begun. */
export function failRequest(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-length': 0 }).end();
}

export interface RequestOptions {
  readonly invoke: Invoke;
  readonly maxBodyBytes: number;
  /** Gets the worker's answer as it goes to the client. */
  readonly onAnswer?: ((answer: IncomingMessage) => void) | undefined;
}

/**
 * Runs an HTTP function the way the host does when streaming is on: the invocation goes to the worker, the request
 * itself to the library's HTTP server there, tied together by the invocation id. A body of a declared length is read
 * whole first; a chunked one passes through.
 */
export async function runRequest(
  { invoke, maxBodyBytes, onAnswer }: RequestOptions,
  target: FunctionMetadata,
  parameters: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  response: ServerResponse,
  wantsContinue: boolean,
): Promise<void> {
  const invocationId = randomUUID();
  const declared = isHeld(incoming);
  if (declared && wantsContinue) response.writeContinue();
  const held = declared ? await readHeldBody(incoming, maxBodyBytes) : undefined;
  const isChunked = incoming.headers['transfer-encoding'] !== undefined;
  const body = held ?? (isChunked ? incoming.pipe(limitBody(maxBodyBytes)) : undefined);
  incoming.on('error', (error) => Buffer.isBuffer(body) || body?.destroy(error));

  let forwarding: Promise<void> = Promise.resolve();
  const onSend = (httpUri: string | undefined): void => {
    if (httpUri === undefined) throw new Error('HTTP streaming is off: functions/host must turn it on.');
    if (!isForwardable(incoming)) return;
    const onContinue = wantsContinue && !declared ? () => response.writeContinue() : undefined;
    forwarding = forward(incoming, response, { httpUri, invocationId, body, onContinue, onAnswer });
    forwarding.catch(() => undefined);
  };

  const [name] = Object.entries(target.bindings).find(([, { type }]) => type === 'httpTrigger')!;
  const { searchParams } = new URL(incoming.url!, 'http://localhost');
  const routeData = bindingData(
    parameters,
    searchParams,
    jsonProperties(incoming.headers['content-type'], held),
  );
  const headers = { json: JSON.stringify(joinedHeaders(incoming.headers)) };
  const request = { inputData: [{ name, data: {} }], triggerMetadata: { ...routeData, Headers: headers } };
  const reason = `${incoming.method} ${incoming.url?.split('?')[0]}`;
  try {
    await invoke(target, request, { invocationId, reason, onSend });
  } catch (error) {
    // An answer that the worker began goes on to its end, unless the worker is gone or never got the request.
    if (error instanceof WorkerEnded || !isForwardable(incoming)) throw error;
  }
  await forwarding;
}
