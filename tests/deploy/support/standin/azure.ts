import type { IncomingMessage, ServerResponse } from 'node:http';
import { blobs } from './blobs.ts';
import { login } from './login.ts';
import { management } from './management.ts';
import { startEndpoint, type Endpoint } from './proxy.ts';
import { kudu } from './kudu.ts';
import { vault } from './vault.ts';
import { newState, type Call, type Reply, type State } from './state.ts';

export interface Fault {
  readonly method: string;
  /** Host and path, as in `management.azure.com/subscriptions/…`. */
  readonly at: RegExp;
  readonly reply: Reply;
}

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** Which service a host is, and the audience that its tokens must have. */
const services = [
  { host: /^management\.azure\.com$/, audience: 'https://management.azure.com/.default', answer: management },
  { host: /\.scm\.azurewebsites\.net$/, audience: 'https://management.azure.com/.default', answer: kudu },
  { host: /\.blob\.core\.windows\.net$/, audience: 'https://storage.azure.com/.default', answer: blobs },
  { host: /\.vault\.azure\.net$/, audience: 'https://vault.azure.net/.default', answer: vault },
] as const;

function answer(state: State, call: Call): Reply {
  if (call.host === 'login.microsoftonline.com' || call.host === 'token.actions.example')
    return login(state, call);
  if (isLost(state, call.host)) return { status: 503 };
  const service = services.find(({ host }) => host.test(call.host));
  if (!service) return { status: 404, json: { error: { code: 'NoSuchHost', message: call.host } } };
  const token = state.tokens.get((call.headers['authorization'] ?? '').replace(/^Bearer /, ''));
  if (token !== service.audience) {
    return {
      status: 401,
      json: { error: { code: 'InvalidAuthenticationToken', message: 'wrong or no token' } },
    };
  }
  return service.answer(state, call);
}

/** Stores and apps of a lost region do not answer. */
function isLost(state: State, host: string): boolean {
  if (state.lostRegion === undefined) return false;
  const name = host.split('.')[0] ?? '';
  return [...state.resources.values()].some(
    (one) => one.name === name && one['location'] === state.lostRegion,
  );
}

/** Azure, as far as a deployment sees it: state behind the documented REST interfaces, and faults on request. */
export class Azure {
  state: State = newState();
  faults: Fault[] = [];
  readonly #endpoint: Endpoint;

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  static async start(): Promise<Azure> {
    const started: { azure?: Azure } = {};
    const endpoint = await startEndpoint((request, response) => {
      void started.azure?.serve(request, response);
    });
    started.azure = new Azure(endpoint);
    return started.azure;
  }

  get proxy(): string {
    return this.#endpoint.proxy;
  }

  get certificate(): string {
    return this.#endpoint.certificate;
  }

  get strangers(): readonly string[] {
    return this.#endpoint.strangers;
  }

  /** Calls that are not about signing in, as `METHOD host/path`. */
  get calls(): readonly string[] {
    return this.state.calls
      .filter(({ host }) => host !== 'login.microsoftonline.com')
      .map(({ method, host, path }) => `${method} ${host}${path}`);
  }

  get writes(): readonly string[] {
    return this.calls.filter((call) => !call.startsWith('GET '));
  }

  reset(): void {
    this.state = newState();
    this.faults = [];
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const url = new URL(request.url ?? '/', `https://${host}`);
    const call: Call = {
      method: request.method ?? 'GET',
      host,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers as Record<string, string | undefined>,
      body: await read(request),
      at: Date.now(),
    };
    this.state.calls.push(call);
    const fault = this.faults.find(
      ({ method, at }) => method === call.method && at.test(call.host + call.path),
    );
    const reply = fault?.reply ?? answer(this.state, call);
    const body =
      reply.bytes ?? (reply.json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(reply.json)));
    response.writeHead(reply.status, { 'Content-Type': reply.type ?? 'application/json', ...reply.headers });
    response.end(body);
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }
}
