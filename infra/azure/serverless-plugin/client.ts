import { buffer } from 'node:stream/consumers';
import type { TokenCredential } from '@azure/identity';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';

/** Audiences of access tokens. */
export const scopes = {
  management: 'https://management.azure.com/.default',
  storage: 'https://storage.azure.com/.default',
  vault: 'https://vault.azure.net/.default',
  logs: 'https://api.loganalytics.io/.default',
} as const;

export interface Call {
  readonly scope?: keyof typeof scopes;
  readonly json?: unknown;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers that are no failure; 200 to 299 by default. */
  readonly accept?: readonly number[];
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
  header(name: string): string | undefined;
}

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** A refusal in the words of the service that refused. */
class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly status: number;

  constructor(method: string, url: string, status: number, text: string) {
    const { host, pathname } = new URL(url);
    super(`${method} ${host}${pathname} answered ${status}${reasonIn(text)}`);
    this.status = status;
  }
}

function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as ErrorBody;
    if (error) return ` (${error.code ?? 'no code'}): ${error.message ?? ''}`;
  } catch {
    // Storage and the publish endpoint answer XML or text.
  }
  return text === '' ? '' : `: ${text.slice(0, 300)}`;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Azure's REST interfaces with what its SDKs do: tokens, proxies from the environment, retries with backoff. */
export class AzureClient {
  readonly #credential: TokenCredential;
  readonly #http = createDefaultHttpClient();
  readonly #pipelines = new Map<string, ReturnType<typeof createPipelineFromOptions>>();

  constructor(credential: TokenCredential) {
    this.#credential = credential;
  }

  #pipeline(scope: string) {
    const known = this.#pipelines.get(scope);
    if (known) return known;
    const pipeline = createPipelineFromOptions({
      retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 },
      userAgentOptions: { userAgentPrefix: 'darkroom-deploy' },
    });
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: this.#credential, scopes: scope }));
    this.#pipelines.set(scope, pipeline);
    return pipeline;
  }

  async send<T = unknown>(method: HttpMethods, url: string, call: Call = {}): Promise<Answer<T>> {
    const request = createPipelineRequest({ url, method, timeout: 240_000 });
    if (call.json !== undefined) {
      request.body = JSON.stringify(call.json);
      request.headers.set('Content-Type', 'application/json');
    } else if (call.body) request.body = call.body;
    for (const [name, value] of Object.entries(call.headers ?? {})) request.headers.set(name, value);
    const response = await this.#pipeline(scopes[call.scope ?? 'management']).sendRequest(
      this.#http,
      request,
    );
    return answerOf<T>(method, url, response, call.accept);
  }

  /** The same for an answer that is bytes. */
  async bytes(url: string, call: Call): Promise<{ status: number; bytes: Buffer }> {
    const request = createPipelineRequest({
      url,
      timeout: 240_000,
      streamResponseStatusCodes: new Set([200]),
    });
    for (const [name, value] of Object.entries(call.headers ?? {})) request.headers.set(name, value);
    const response = await this.#pipeline(scopes[call.scope ?? 'management']).sendRequest(
      this.#http,
      request,
    );
    if (response.status !== 200) {
      answerOf('GET', url, response, call.accept);
      return { status: response.status, bytes: Buffer.alloc(0) };
    }
    if (!response.readableStreamBody) throw new Error(`GET ${url} answered without a body`);
    return { status: 200, bytes: await buffer(response.readableStreamBody) };
  }

  /** A call to our own API under its audience; whatever it answers is the answer. */
  async call(
    method: string,
    url: string,
    audience: string,
    json?: unknown,
  ): Promise<{ status: number; text: string }> {
    const request = createPipelineRequest({ url, method: method as HttpMethods });
    if (json !== undefined) {
      request.body = JSON.stringify(json);
      request.headers.set('Content-Type', 'application/json');
    }
    const response = await this.#pipeline(`${audience}/.default`).sendRequest(this.#http, request);
    return { status: response.status, text: response.bodyAsText ?? '' };
  }

  /** The secret token itself, for a check that signing in works. */
  async token(scope: keyof typeof scopes = 'management'): Promise<string> {
    const token = await this.#credential.getToken(scopes[scope]);
    if (!token) throw new Error('no access token was given');
    return token.token;
  }
}

function answerOf<T>(
  method: string,
  url: string,
  response: PipelineResponse,
  accept?: readonly number[],
): Answer<T> {
  const text = response.bodyAsText ?? '';
  const { status } = response;
  if (accept ? !accept.includes(status) && (status < 200 || status > 299) : status < 200 || status > 299) {
    throw new HttpFailure(method, url, status, text);
  }
  return { status, text, body: parsed(text) as T, header: (name) => response.headers.get(name) };
}
