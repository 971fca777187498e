import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Invoke } from '../invoke.ts';
import type { RegisteredFunction } from '../worker.ts';

/** Azure's limits for HTTP triggers. */
const httpLimits = {
  bodyBytes: 100 * 1024 * 1024,
  responseMilliseconds: 230_000,
  /** Of a request's headers together: more is refused by the worker's HTTP server, which is Node's. */
  workerHeaderBytes: 16 * 1024,
} as const;

const invocationIdHeader = 'x-ms-invocation-id';

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
      // `Headers.TryAdd` of the real host (DefaultHttpProxyService): a client's own value stays.
      [invocationIdHeader]: incoming.headers[invocationIdHeader] ?? invocationId,
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

  get headersSent(): boolean {
    return this.#response.headersSent;
  }

  destroy(): void {
    this.#closed = true;
    this.#response.destroy();
  }

  /** Answers without a body, as the real host does for its own failures, unless the function has begun to. */
  answer(status: number): void {
    this.#closed = true;
    if (this.#response.writableEnded) return;
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(status, { 'content-length': 0 }).end();
  }
}

const headerBytes = ({ rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text, 'latin1') + 2, 0);

/** .NET's HTTP client sends no header that is not ASCII, so such a request is invoked and never forwarded. */
const isForwardable = ({ rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.every((text) => /^[\x20-\x7e\t]*$/.test(text));

/** Headers as the worker gets them: names in lower case, several values joined. */
const joinedHeaders = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

/** Route values, which keys of the query that differ in case only take the place of, as in the real host's binding data. */
function bindingData(
  parameters: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Record<string, { string: string }> {
  const asked = new Set([...query.keys()].map((key) => key.toLowerCase()));
  const route = Object.entries(parameters).filter(([name]) => !asked.has(name.toLowerCase()));
  return Object.fromEntries([...route, ...query.entries()].map(([name, value]) => [name, { string: value }]));
}

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
  if (headerBytes(incoming) > httpLimits.workerHeaderBytes) response.answer(431);
  else if (isForwardable(incoming)) server.emit('request', request, response);

  const [name] = Object.entries(target.metadata.bindings).find(([, { type }]) => type === 'httpTrigger')!;
  const { searchParams } = new URL(incoming.url!, 'http://localhost');
  const routeData = bindingData(parameters, searchParams);
  const headers = { json: JSON.stringify(joinedHeaders(incoming.headers)) };
  try {
    await invoke(
      target,
      {
        inputData: [{ name, data: {} }],
        triggerMetadata: { ...routeData, Headers: headers },
      },
      { invocationId, reason: `${incoming.method} ${incoming.url?.split('?')[0]}` },
    );
  } catch {
    // The real host answers only what it did not forward: with streaming on, the rest is up to the function.
    if (!isForwardable(incoming)) response.answer(500);
  }
}
