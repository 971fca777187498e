import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { pageHeaders } from '../../../../shared/platform/http/page-headers.ts';

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Darkroom</title>
<h1>Darkroom is running</h1>
<p>The API is under <a href="/api/health">/api</a>. The console is not built yet: run <code>npm run build</code>
and reload this page.</p></html>
`;

/** Who signs people in, for the console's `/config.json`; in Azure the deployment writes that file. */
export interface SignIn {
  readonly issuer: string;
  readonly audience: string;
  /** ISO 4217: what the console shows amounts in. */
  readonly currency: string;
}

const consoleConfig = ({ issuer, audience, currency }: SignIn) => ({
  issuer,
  clientId: 'darkroom-console',
  scope: `openid profile offline_access ${audience}/access`,
  apiBase: '/api',
  currency,
});

/** Serves the console from `directory` (a path that is no file is its index page), or says how to build it. */
export function makePages(directory: string, signIn: SignIn | undefined) {
  const headers = pageHeaders(signIn === undefined ? '' : new URL(signIn.issuer).origin);
  const files = sirv(directory, {
    dev: true,
    etag: true,
    single: true,
    setHeaders(response, pathname) {
      const hashed = pathname.startsWith('/assets/');
      response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.url === '/config.json' && signIn !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
      response.end(JSON.stringify(consoleConfig(signIn)));
      return;
    }
    if (existsSync(`${directory}/index.html`)) {
      files(request, response, () => {
        response.writeHead(404).end();
      });
      return;
    }
    const found = request.url === '/';
    response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(found ? notBuilt : '');
  };
}
