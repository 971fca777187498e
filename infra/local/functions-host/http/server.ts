import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, Socket, type AddressInfo } from 'node:net';
import type { Clock } from '../../../../shared/platform/clock.ts';
import type { FunctionMetadata } from '../core-types.ts';
import { makeCache, type AskOrigin } from '../../front-door/cache.ts';
import { answerPurge, purgePath } from '../../front-door/purge.ts';
import { isLoopbackHost } from '../../loopback-host.ts';
import type { Invoke } from '../invoke.ts';
import { makeAdmin, type AdminDependencies } from './admin.ts';
import { makePages, type SignIn } from './pages.ts';
import { findRoute, routesOf } from './routes.ts';
import { failRequest, runRequest } from './run-request.ts';
import { RefusedHead, targetOf } from './target.ts';

/** Kestrel's limit for all headers of a request. */
const maxHeaderSize = 32 * 1024;
/** Kestrel's KeepAliveTimeout: a client that was busy for longer than Node's five seconds would write to a closed connection. */
const keepAliveMs = 130_000;
/** How long a kept connection may be without a request when the host stops. */
const drainIdleMs = 1_000;

export interface HttpServerDependencies extends AdminDependencies {
  readonly invoke: Invoke;
  readonly routePrefix: string;
  readonly maxBodyBytes: number;
  /** Where the built console is. */
  readonly pages: string;
  readonly signIn: SignIn | undefined;
  readonly port: number;
  /** What is kept in front of the functions ages by it. */
  readonly clock: Clock;
}

const bare = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'content-length': 0 }).end();
};

const httpTriggerOf = ({ bindings }: FunctionMetadata) =>
  Object.values(bindings).find(({ type }) => type === 'httpTrigger')!;

/**
 * What Node's parser refuses, as Kestrel answers it: 414 for a request line without an end, 431 for headers, else 400; and
 * a body that breaks off is a failure of the request that waits for it.
 */
function refuse(
  error: Error & { code?: string; rawPacket?: Buffer },
  socket: Socket,
  isRunning: boolean,
): void {
  const isOver = error.code === 'HPE_HEADER_OVERFLOW';
  const isCut = error.code === 'HPE_INVALID_EOF_STATE' && !isRunning;
  if (!socket.writable || isCut) {
    socket.destroy();
    return;
  }
  const isLine = error.rawPacket !== undefined && !error.rawPacket.includes('\n');
  const head = isOver
    ? isLine
      ? '414 URI Too Long'
      : '431 Request Header Fields Too Large'
    : '400 Bad Request';
  const status = isRunning ? '500 Internal Server Error' : head;
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

/**
 * The host's HTTP side on 127.0.0.1, with what Front Door does before it: functions under the prefix, images from a cache,
 * /admin, and the console for everything else.
 */
export async function startHttpServer(dependencies: HttpServerDependencies) {
  const { functions, invoke, keys, maxBodyBytes, routePrefix } = dependencies;
  const routes = routesOf(functions.values(), routePrefix);
  const admin = makeAdmin(dependencies);
  const cache = makeCache(dependencies.clock);
  /** The template has a route of its own for them, the one that is cached. */
  const cachedPath = `/${routePrefix}/images/`;
  const pages = makePages(dependencies.pages, dependencies.signIn);
  let draining = false;

  async function handle(request: IncomingMessage, response: ServerResponse, wantsContinue: boolean) {
    if (draining) response.setHeader('connection', 'close');
    const { path, url } = targetOf(request);
    if (!isLoopbackHost(request.headers.host)) throw new RefusedHead(421);
    request.url = url;
    if (path === purgePath) return answerPurge(cache, keys.master, request, response);
    if (path === '/admin' || path.startsWith('/admin/')) return admin(request, response, path);
    const found = findRoute(routes, request.method!, path);
    if (found !== undefined) {
      if (!keys.mayCall(request, httpTriggerOf(found.target))) {
        bare(response, 401);
        return;
      }
      const ask: AskOrigin = (onAnswer) => {
        const options = { invoke, maxBodyBytes, onAnswer };
        return runRequest(options, found.target, found.parameters, request, response, wantsContinue);
      };
      return path.startsWith(cachedPath) ? cache.serve(request, response, ask) : ask();
    }
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    if (!isPage || path === `/${routePrefix}` || path.startsWith(`/${routePrefix}/`)) bare(response, 404);
    else pages(request, response);
  }

  const running = new WeakSet<Socket>();
  const answer = (wantsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    running.add(socket);
    response.once('close', () => running.delete(socket));
    handle(request, response, wantsContinue).catch((error: unknown) => {
      if (error instanceof RefusedHead) bare(response.setHeader('connection', 'close'), error.status);
      else failRequest(response);
    });
  };
  const server: Server = createServer({ maxHeaderSize }, answer(false))
    .on('checkContinue', answer(true))
    // Kestrel knows `100-continue` and takes other values for any header; Node would answer a bare 417.
    .on('checkExpectation', answer(false))
    .on('clientError', (error, socket) => {
      if (socket instanceof Socket) refuse(error, socket, running.has(socket));
    });
  /** Slow uploads are fine; the time limit is on the response. */
  server.requestTimeout = 0;
  server.keepAliveTimeout = keepAliveMs;
  /** All are counted: Node would leave out the rest in silence. */
  server.maxHeadersCount = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(dependencies.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    /**
     * Takes no new connections and lets running requests end. A kept connection may still bring a request, which is
     * answered and told that it was the last; those that bring none are closed.
     */
    close: () =>
      new Promise<void>((resolve) => {
        draining = true;
        const sweep = setInterval(() => server.closeIdleConnections(), drainIdleMs);
        // Not `server.close`, which would cut idle connections at once, with what is on its way over them.
        NetServer.prototype.close.call(server, () => {
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}
