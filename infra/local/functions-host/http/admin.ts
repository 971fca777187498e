import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { settle } from '../settle.ts';
import type { Invoke } from '../invoke.ts';
import { invokeTimer, timerBinding } from '../timers/trigger.ts';
import type { FunctionApp, RegisteredFunction } from '../worker.ts';

const sendJson = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const describe = ({ metadata }: RegisteredFunction) => ({
  name: metadata.name,
  bindings: Object.entries(metadata.bindings).map(([name, { properties: _, ...binding }]) => ({
    ...binding,
    name,
  })),
});

/**
 * The part of the host's admin API that people use: list the functions, run one now. Requests with a body must
 * say application/json, as in Azure, which also keeps other sites' pages from sending them.
 */
export function makeAdmin(app: FunctionApp, invoke: Invoke) {
  async function run(target: RegisteredFunction, request: IncomingMessage, response: ServerResponse) {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      sendJson(response, 415, { error: 'Send {"input": ""} as application/json.' });
      return;
    }
    await text(request);
    if (!timerBinding(target)) {
      sendJson(response, 400, { error: 'Only timer functions run on demand here.' });
      return;
    }
    void settle(invokeTimer(target, invoke, { reason: 'on demand' }));
    response.writeHead(202).end();
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const [, , kind, name] = path.split('/');
    const target = name === undefined ? undefined : app.functions.get(decodeURIComponent(name));
    if (kind === 'host' && name === 'status') sendJson(response, 200, { state: 'Running' });
    else if (kind !== 'functions') sendJson(response, 404, { error: 'No such admin resource.' });
    else if (name === undefined) sendJson(response, 200, [...app.functions.values()].map(describe));
    else if (!target) sendJson(response, 404, { error: `There is no function "${name}".` });
    else if (request.method === 'POST') await run(target, request, response);
    else sendJson(response, 200, describe(target));
  };
}
