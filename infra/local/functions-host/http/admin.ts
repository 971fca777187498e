import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { FunctionMetadata } from '../core-types.ts';
import { settle } from '../settle.ts';
import { isTimer } from '../timers/trigger.ts';
import type { Keys } from './keys.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) response.writeHead(status, { 'content-length': 0 }).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const describe = ({ name, bindings }: FunctionMetadata) => ({
  name,
  bindings: Object.entries(bindings).map(([binding, { properties: _, ...rest }]) => ({
    ...rest,
    name: binding,
  })),
});

export interface AdminDependencies {
  readonly functions: ReadonlyMap<string, FunctionMetadata>;
  readonly keys: Keys;
  /** Runs a timer function now. */
  readonly runTimer: (target: FunctionMetadata) => Promise<unknown>;
}

/**
 * The part of the host's admin API that people use: list the functions, run one now. All but `ping` ask for the master
 * key. A request with a body must say application/json, which also keeps other sites' pages from sending them.
 */
export function makeAdmin({ functions, keys, runTimer }: AdminDependencies) {
  async function run(target: FunctionMetadata, request: IncomingMessage): Promise<Answer> {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return { status: 415 };
    const isObject = await json(request).then(
      (body) => typeof body === 'object' && body !== null,
      () => false,
    );
    if (!isObject) return { status: 400 };
    if (!isTimer(target)) return { status: 400, body: { error: 'Only timer functions run on demand here.' } };
    void settle(runTimer(target));
    return { status: 202 };
  }

  function answer(request: IncomingMessage, path: string): Answer | Promise<Answer> {
    const [, , kind, name] = path.split('/');
    if (kind === 'host' && name === 'ping') return { status: 200 };
    if (!keys.isAdmin(request)) return { status: 401 };
    if (kind === 'host' && name === 'status') return { status: 200, body: { state: 'Running' } };
    if (kind !== 'functions') return { status: 404 };
    if (name === undefined) return { status: 200, body: [...functions.values()].map(describe) };
    const target = functions.get(name);
    if (target === undefined) return { status: 404 };
    return request.method === 'POST' ? run(target, request) : { status: 200, body: describe(target) };
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> =>
    send(response, await answer(request, path));
}
