import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Invoke } from '../invoke.ts';
import type { FunctionApp } from '../worker.ts';
import { makeAdmin } from './admin.ts';
import { makePages, type SignIn } from './pages.ts';
import { proxyRequest } from './request-proxy.ts';
import { findRoute, routesOf } from './routes.ts';

/** Kestrel's limit for all headers of a request. */
const maxHeaderSize = 32 * 1024;

export interface HttpServerDependencies {
  readonly app: FunctionApp;
  readonly invoke: Invoke;
  readonly routePrefix: string;
  /** Where the built console is. */
  readonly pages: string;
  readonly signIn: SignIn | undefined;
  readonly port: number;
}

/** The host's HTTP side on 127.0.0.1: functions under the prefix, /admin, and the console for everything else. */
export async function startHttpServer(dependencies: HttpServerDependencies) {
  const { app, invoke, routePrefix } = dependencies;
  const routes = routesOf(app.functions.values(), routePrefix);
  const admin = makeAdmin(app, invoke);
  const pages = makePages(dependencies.pages, dependencies.signIn);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.split('?')[0]!;
    if (path === '/admin' || path.startsWith('/admin/')) return admin(request, response, path);
    const found = findRoute(routes, request.method!, path);
    if (found !== undefined) {
      const { server } = app;
      if (server === undefined) throw new Error('HTTP streaming is off: functions/host must turn it on.');
      return proxyRequest({ server, invoke }, found.target, found.parameters, request, response);
    }
    if (path === `/${routePrefix}` || path.startsWith(`/${routePrefix}/`)) {
      response.writeHead(404, { 'content-length': 0 }).end();
    } else {
      pages(request, response);
    }
  }

  const server: Server = createServer({ maxHeaderSize }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  /** Slow uploads are fine; the time limit is on the response. */
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(dependencies.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    /** Takes no new connections and lets running requests end. */
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
