import {
  Agent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of the real host: DefaultHttpProxyService and its RetryProxyHandler. */
const proxyLimits = {
  activityMs: 240_000,
  attempts: 10,
  firstDelayMs: 50,
  longestDelayMs: 250,
  /** HttpClient sends a body that the worker has not asked for after this. */
  expectContinueMs: 1_000,
} as const;

const invocationIdHeader = 'x-ms-invocation-id';

/** RFC 9110, 7.6.1: headers of one connection, which a proxy does not pass on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

const connections = new Agent({ keepAlive: true });

/** .NET's HTTP client sends no header that is not ASCII, so such a request is invoked and never forwarded. */
export const isForwardable = ({ rawHeaders }: IncomingMessage): boolean =>
  rawHeaders.every((text) => /^[\x20-\x7e\t]*$/.test(text));

function headersFor(incoming: IncomingMessage, invocationId: string): Record<string, string | string[]> {
  const passed = Object.entries(incoming.headersDistinct).filter(([name]) => !hopByHop.has(name));
  const host = incoming.headers.host ?? 'localhost';
  return {
    'x-forwarded-host': host,
    'x-forwarded-proto': 'http',
    // `Headers.TryAdd` of the real host: a client's own value stays.
    [invocationIdHeader]: invocationId,
    ...(Object.fromEntries(passed) as Record<string, string[]>),
    host,
  };
}

export interface Forwarded {
  readonly httpUri: string;
  readonly invocationId: string;
  /** Held whole, or as it comes. */
  readonly body: Buffer | Readable | undefined;
  /** The client wants to hear of the worker before it sends its body. */
  readonly onContinue: (() => void) | undefined;
  /** Gets the worker's answer as it goes to the client. */
  readonly onAnswer: ((answer: IncomingMessage) => void) | undefined;
}

interface Sent {
  readonly request: ClientRequest;
  readonly answer: IncomingMessage;
}

/** One attempt. Resolves when the head of the worker's answer is there. */
function send(incoming: IncomingMessage, given: Forwarded, signal: AbortSignal): Promise<Sent> {
  const { httpUri, invocationId, body, onContinue } = given;
  const { port } = new URL(httpUri);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      agent: connections,
      host: '127.0.0.1',
      port,
      method: incoming.method,
      path: incoming.url,
      headers: headersFor(incoming, invocationId),
      signal,
    });
    request.once('response', (answer) => resolve({ request, answer })).on('error', reject);
    if (body === undefined || Buffer.isBuffer(body)) {
      request.end(body);
      return;
    }
    let begun = false;
    const begin = (): void => {
      if (begun || request.destroyed) return;
      begun = true;
      onContinue?.();
      body.on('error', () => request.destroy()).pipe(request);
    };
    if (onContinue === undefined) begin();
    else {
      request.once('continue', begin);
      const timer = setTimeout(begin, proxyLimits.expectContinueMs);
      request.once('close', () => clearTimeout(timer)).once('response', () => clearTimeout(timer));
    }
  });
}

/** Sends the request to the worker, again while it cannot be reached and nothing of a streamed body is used up. */
async function sendWithRetries(incoming: IncomingMessage, given: Forwarded, signal: AbortSignal) {
  const again = given.body === undefined || Buffer.isBuffer(given.body);
  let delay: number = proxyLimits.firstDelayMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(incoming, given, signal);
    } catch (error) {
      if (!again || attempt === proxyLimits.attempts || signal.aborted) throw error;
      await sleep(delay, undefined, { signal });
      delay = Math.min(delay * 2, proxyLimits.longestDelayMs);
    }
  }
}

/** Copies the worker's answer to the client as it comes; a body that breaks off breaks off for the client, too. */
function copy(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.entries(answer.headersDistinct).filter(([name]) => !hopByHop.has(name));
  response.writeHead(answer.statusCode!, Object.fromEntries(headers) as Record<string, string[]>);
  return new Promise((resolve, reject) => {
    answer.once('error', reject).once('close', () => {
      if (answer.complete) resolve();
      else reject(new Error('The worker broke its answer off.'));
    });
    response.once('finish', resolve).once('close', () => answer.destroy());
    answer.pipe(response);
  });
}

/** Hands a request to the worker's HTTP server and its answer to the client. Rejects when either fails. */
export async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  given: Forwarded,
): Promise<void> {
  const stop = new AbortController();
  const gone = (): void => stop.abort(new Error('The client is gone.'));
  const timer = setTimeout(
    () => stop.abort(new Error('The worker does not answer.')),
    proxyLimits.activityMs,
  );
  response.once('close', gone);
  try {
    const { request, answer } = await sendWithRetries(incoming, given, stop.signal);
    given.onAnswer?.(answer);
    await copy(answer, response);
    // The function may have answered before it had read the body: the client can then still get rid of the rest.
    if (!request.writableFinished) request.destroy();
  } finally {
    clearTimeout(timer);
    response.off('close', gone);
    incoming.unpipe();
    incoming.resume();
  }
}
