import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isLoopbackHost } from '../loopback-host.ts';
import { isLoopback, makeCodes, OAuthError, readAuthorizationRequest, redirectTo } from './authorize.ts';
import { discoveryDocument } from './discovery.ts';
import { graphAnswer } from './graph.ts';
import { loadSigningKey } from './keys.ts';
import { choosePage, messagePage, style } from './page.ts';
import { personaNamed } from './personas.ts';
import { makeTokens } from './tokens.ts';

/** Where it answers as Microsoft Graph does. */
const graphPath = '/graph/v1.0';

export interface IdentityOptions {
  readonly directory: string;
  readonly port: number;
  /** As clients reach it; without one, `http://localhost:PORT`. */
  readonly issuer?: string | undefined;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self' http://localhost:* http://127.0.0.1:*; base-uri 'none'; frame-ancestors 'none'",
};

function sendJson(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

const readForm = async (request: IncomingMessage) => new URLSearchParams(await text(request));

/** Starts the issuer on 127.0.0.1: OIDC discovery, code flow with PKCE, and tokens for a persona in one request. */
export async function startIdentity({ directory, port, issuer: given }: IdentityOptions) {
  const key = await loadSigningKey(directory);
  const codes = makeCodes();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const boundPort = (server.address() as AddressInfo).port;
  const issuer = given ?? `http://localhost:${boundPort}`;
  const tokens = makeTokens(key, issuer);

  async function answerToken(form: URLSearchParams) {
    const persona = form.get('persona');
    if (persona !== null) {
      try {
        personaNamed(persona);
      } catch (error) {
        throw new OAuthError('invalid_request', (error as Error).message);
      }
      const expiresIn = form.get('expires_in');
      return tokens.access(persona, {
        audience: form.get('audience') ?? undefined,
        expiresIn: expiresIn === null ? undefined : Number(expiresIn),
      });
    }
    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const grant = codes.redeem(form);
        return tokens.session(grant.persona, grant.clientId, grant.nonce);
      }
      case 'refresh_token': {
        const opened = await tokens.openRefreshToken(form.get('refresh_token') ?? '').catch(() => {
          throw new OAuthError('invalid_grant', 'The refresh token is not valid any more.');
        });
        return tokens.session(opened.persona, opened.clientId, undefined);
      }
      default:
        throw new OAuthError('unsupported_grant_type', 'Send persona=…, or a code or refresh token grant.');
    }
  }

  function choose({ response, query }: Exchange) {
    readAuthorizationRequest(query);
    response.writeHead(200, pageHeaders).end(choosePage(Object.fromEntries(query)));
  }

  async function chosen({ request, response }: Exchange) {
    const form = await readForm(request);
    const asked = readAuthorizationRequest(form);
    const persona = form.get('persona') ?? '';
    personaNamed(persona);
    const state = form.get('state');
    const location = redirectTo(asked, {
      code: codes.issue(asked, persona),
      iss: issuer,
      ...(state !== null && { state }),
    });
    response.writeHead(302, { location, 'cache-control': 'no-store' }).end();
  }

  function logOut({ response, query }: Exchange) {
    const target = query.get('post_logout_redirect_uri');
    if (target === null || !isLoopback(target)) {
      response.writeHead(200, pageHeaders).end(messagePage('Signed out', 'You can close this page.'));
      return;
    }
    const location = new URL(target);
    if (query.has('state')) location.searchParams.set('state', query.get('state')!);
    response.writeHead(302, { location: location.href }).end();
  }

  const routes: Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>> = {
    'GET /.well-known/openid-configuration': ({ response }) =>
      sendJson(response, 200, discoveryDocument(issuer)),
    'GET /jwks': ({ response }) => sendJson(response, 200, { keys: [key.publicJwk] }),
    'GET /authorize': choose,
    'POST /authorize': chosen,
    'POST /token': async ({ request, response }) =>
      sendJson(response, 200, await answerToken(await readForm(request))),
    'GET /logout': logOut,
    'GET /style.css': ({ response }) =>
      void response.writeHead(200, { 'content-type': 'text/css' }).end(style),
    'GET /': ({ response }) =>
      void response
        .writeHead(200, pageHeaders)
        .end(
          messagePage(
            'Darkroom identity',
            'Sign-in for this machine. POST /token with persona=… for a token.',
          ),
        ),
  };

  const notFound = ({ response }: Exchange) =>
    sendJson(response, 404, { error: 'not_found', error_description: 'There is no such endpoint.' });

  function askGraph({ request, response, query }: Exchange) {
    const { pathname } = new URL(request.url!, issuer);
    const answer = graphAnswer(decodeURIComponent(pathname).slice(graphPath.length), query);
    if (answer === undefined) notFound({ request, response, query });
    else sendJson(response, 200, answer);
  }

  const { hostname } = new URL(issuer);
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopbackHost(request.headers.host, [hostname])) {
      sendJson(response, 421, { error: 'invalid_request', error_description: 'This is not my host name.' });
      return;
    }
    const { pathname, searchParams: query } = new URL(request.url!, issuer);
    const origin = request.headers.origin;
    if (origin !== undefined && isLoopback(origin)) {
      response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'origin');
      response.setHeader('access-control-allow-headers', 'authorization, content-type');
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-methods': 'GET, POST' }).end();
      return;
    }
    const isGraph = request.method === 'GET' && pathname.startsWith(`${graphPath}/`);
    const route = isGraph ? askGraph : (routes[`${request.method} ${pathname}`] ?? notFound);
    await route({ request, response, query });
  }
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const code = error instanceof OAuthError ? error.error : 'invalid_request';
      sendJson(response, 400, { error: code, error_description: (error as Error).message });
    });
  });

  return {
    port: boundPort,
    issuer,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
