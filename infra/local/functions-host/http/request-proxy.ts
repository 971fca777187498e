import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Invoke } from '../invoke.ts';
import type { RegisteredFunction } from '../worker.ts';

/** Azure's limits for HTTP triggers. */
const httpLimits = { bodyBytes: 100 * 1024 * 1024, responseMilliseconds: 230_000 } as const;

class BodyOverLimit extends Error {}

/**
 * A request as the library's server sees it behind the host: its head, and the body up to the limit. To give the body
 * up early does not end the client's connection, which still waits for its answer.
 */
class WorkerRequest extends Readable {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly #incoming: IncomingMessage;
  #bytes = 0;

  constructor(incoming: IncomingMessage, invocationId: string) {
    super();
    this.#incoming = incoming;
    this.method = incoming.method!;
    this.url = incoming.url!;
    this.headers = {
      ...incoming.headers,
      'x-forwarded-host': incoming.headers.host ?? 'localhost',
      'x-forwarded-proto': 'http',
      'x-ms-invocation-id': invocationId,
    };
    incoming.on('data', (chunk: Buffer) => this.#take(chunk)).on('end', () => this.push(null));
    incoming
      .on('error', () => undefined)
      .on('close', () => {
        if (!incoming.complete) this.destroy(new Error('aborted'));
      });
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > httpLimits.bodyBytes) this.destroy(new BodyOverLimit('The body is over the limit.'));
    // What the function does not want is read away.
    else if (!this.destroyed && !this.push(chunk)) this.#incoming.pause();
  }

  override _read(): void {
    this.#incoming.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#incoming.resume();
    done(error);
  }
}

/** The client's response as long as the host has not answered by itself; then what the function says goes nowhere. */
class WorkerResponse {
  readonly #response: ServerResponse;
  statusCode = 200;
  #closed = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  setHeader(name: string, value: string | string[]): void {
    if (!this.#closed) this.#response.setHeader(name, value);
  }

  write(chunk: Uint8Array): void {
    if (this.#closed) return;
    this.#response.statusCode = this.statusCode;
    this.#response.write(chunk);
  }

  end(): void {
    if (this.#closed) return;
    this.#response.statusCode = this.statusCode;
    this.#response.end();
  }

  /** Answers without a body, as the real host does for its own failures, unless the function has begun to. */
  answer(status: number): void {
    this.#closed = true;
    if (this.#response.writableEnded) return;
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(status, { 'content-length': 0 }).end();
  }
}

/** Headers as the worker gets them: names in lower case, several values joined. */
const joinedHeaders = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

export interface RequestProxyOptions {
  /** The library's, which waits for requests of the host. */
  readonly server: Server;
  readonly invoke: Invoke;
}

/**
 * Runs an HTTP function the way the host does when streaming is on: the invocation goes to the library, the
 * request itself to the library's own server, tied together by the invocation id.
 */
export async function proxyRequest(
  { server, invoke }: RequestProxyOptions,
  target: RegisteredFunction,
  parameters: Readonly<Record<string, string>>,
  incoming: IncomingMessage,
  clientResponse: ServerResponse,
): Promise<void> {
  const response = new WorkerResponse(clientResponse);
  if (Number(incoming.headers['content-length'] ?? 0) > httpLimits.bodyBytes) {
    response.answer(413);
    return;
  }
  const invocationId = randomUUID();
  const request = new WorkerRequest(incoming, invocationId);
  const timeout = setTimeout(() => {
    response.answer(504);
    request.destroy();
  }, httpLimits.responseMilliseconds);
  clientResponse.on('close', () => clearTimeout(timeout));
  // Other errors are those of who stopped reading, or of a client that is gone.
  request.on('error', (error) => {
    if (error instanceof BodyOverLimit) response.answer(413);
  });
  // A function may answer before it has read the body: the client can then still get rid of the rest.
  clientResponse.on('finish', () => request.destroy());
  server.emit('request', request, response);

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
    response.answer(500);
    request.destroy();
  }
}
