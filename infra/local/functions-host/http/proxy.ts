import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Invoke } from '../invoke.ts';
import { settle } from '../settle.ts';
import type { RegisteredFunction } from '../worker.ts';

/** Azure's limits for HTTP triggers. */
const httpLimits = { bodyBytes: 100 * 1024 * 1024, responseMilliseconds: 230_000 } as const;

/** Passes a body on and fails it past the limit. */
class BodyLimit extends Transform {
  #bytes = 0;
  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
    this.#bytes += chunk.length;
    if (this.#bytes > httpLimits.bodyBytes) done(new Error('The body is over the limit.'));
    else done(null, chunk);
  }
}

/** Answers without a body, as the real host does for its own failures, unless the function has begun to. */
function answer(response: ServerResponse, status: number) {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-length': 0 }).end();
}

/** Headers as the worker gets them: names in lower case, several values joined. */
const joinedHeaders = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

export interface HttpProxyParts {
  readonly httpUri: string;
  readonly invoke: Invoke;
}

/**
 * Runs an HTTP function the way the host does when streaming is on: the invocation goes to the library, the
 * request itself to the library's own server, tied together by the invocation id.
 */
export async function proxyRequest(
  { httpUri, invoke }: HttpProxyParts,
  target: RegisteredFunction,
  parameters: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (Number(incoming.headers['content-length'] ?? 0) > httpLimits.bodyBytes) {
    answer(response, 413);
    return;
  }
  const invocationId = randomUUID();
  const outgoing = httpRequest(new URL(incoming.url!, httpUri), {
    method: incoming.method!,
    headers: {
      ...incoming.headers,
      'x-forwarded-host': incoming.headers.host ?? 'localhost',
      'x-forwarded-proto': 'http',
      'x-ms-invocation-id': invocationId,
    },
  });
  const timeout = setTimeout(() => {
    answer(response, 504);
    outgoing.destroy();
  }, httpLimits.responseMilliseconds);
  response.on('close', () => {
    clearTimeout(timeout);
    if (!response.writableFinished) outgoing.destroy();
  });
  let replied = false;
  outgoing.on('response', (reply) => {
    replied = true;
    clearTimeout(timeout);
    response.writeHead(reply.statusCode!, reply.headers);
    void settle(pipeline(reply, response));
  });
  const limit = new BodyLimit();
  /** A function may answer before it has read the body: the client can then still get rid of the rest. */
  const readAway = () => {
    incoming.unpipe(limit);
    incoming.resume();
  };
  limit.on('error', () => {
    answer(response, 413);
    outgoing.destroy();
  });
  outgoing.on('close', readAway).on('error', () => {
    if (!replied) answer(response, 502);
  });
  incoming.on('error', () => outgoing.destroy());
  incoming.pipe(limit).pipe(outgoing);

  const [name] = Object.entries(target.metadata.bindings).find(([, { type }]) => type === 'httpTrigger')!;
  const routeData = Object.entries(parameters).map(([key, value]) => [key, { string: value }] as const);
  const headers = { json: JSON.stringify(joinedHeaders(incoming.headers)) };
  try {
    await invoke(
      target,
      {
        inputData: [{ name, data: {} }],
        triggerMetadata: { ...Object.fromEntries(routeData), Headers: headers },
      },
      { invocationId, reason: `${incoming.method} ${incoming.url?.split('?')[0]}` },
    );
  } catch {
    answer(response, 500);
    outgoing.destroy();
  }
}
