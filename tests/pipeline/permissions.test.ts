import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { personas } from '../../infra/local/identity/personas.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

interface Operation {
  readonly operationId: string;
  readonly security: readonly { readonly bearer?: readonly string[] }[];
}

interface Route {
  readonly name: string;
  readonly method: string;
  /** With an image of the persona `uploader` where an id is asked for. */
  readonly path: string;
  readonly roles: readonly string[];
  readonly isOptional: boolean;
}

let stack: TestStack;
let imageId: string;
let routes: readonly Route[];

async function uploadAs(persona: string): Promise<string> {
  const response = await stack.call(persona, '/images', {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: Uint8Array.from(await quarters(200, 150).png().toBuffer()),
  });
  expect(response.status).toBe(202);
  const { images } = (await response.json()) as { images: { id: string }[] };
  return (await stack.outcome(images[0]!.id)).id;
}

/** Every route but those for anyone, as the running application describes itself. */
async function describedRoutes(): Promise<Route[]> {
  const response = await fetch(`${stack.endpoints.api}/api/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> };
  const fill = (path: string) =>
    path.replace(/\{(\w+)\}/g, (_all, name: string) => {
      if (name === 'variant') return 'preview';
      return path.startsWith('/images/') || path.startsWith('/uploads/') ? imageId : '1';
    });
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security.length > 0)
      .map(([method, { operationId, security }]) => ({
        name: operationId,
        method: method.toUpperCase(),
        path: fill(path),
        roles: security.flatMap(({ bearer }) => bearer ?? []),
        isOptional: security.some(({ bearer }) => bearer === undefined),
      })),
  );
}

beforeAll(async () => {
  stack = await startTestStack();
  imageId = await uploadAs('uploader');
  routes = await describedRoutes();
}, startPatience);

afterAll(() => stack.stop(), 60_000);

/** `persona method path: status code` of every answer that is not the wanted one. */
async function wrongAnswers(
  asked: readonly Route[],
  authorization: string | undefined,
  wanted: { status: number; code: string },
): Promise<string[]> {
  const answers = await Promise.all(
    asked.map(async ({ method, path, name }) => {
      const response = await fetch(`${stack.endpoints.api}/api${path}`, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });
      const body = await response.text();
      // An answer to HEAD has no body.
      const { code } = method === 'HEAD' ? wanted : (JSON.parse(body || '{}') as { code?: string });
      const isAsWanted = response.status === wanted.status && code === wanted.code;
      return isAsWanted ? [] : [`${name} ${method} ${path}: ${response.status} ${code}`];
    }),
  );
  return answers.flat();
}

const unauthenticated = { status: 401, code: 'unauthenticated' };

async function forgedToken(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT({ oid: personas['engineering']!.oid, roles: ['Engineering', 'Uploader'] })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(stack.endpoints.identity)
    .setAudience('api://darkroom')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
}

describe('every route that is not for anyone', () => {
  test('is described, whatever its service', () => {
    const services = new Set(routes.map(({ path }) => path.split('/')[1]));
    for (const name of ['images', 'uploads', 'logistics', 'sales', 'analytics', 'operations']) {
      expect(services).toContain(name);
    }
    expect(routes.length).toBeGreaterThan(20);
  });

  test('answers 401 without a token', async () => {
    const needToken = routes.filter(({ isOptional }) => !isOptional);
    expect(await wrongAnswers(needToken, undefined, unauthenticated)).toEqual([]);
  });

  test('answers 401 to a token that has expired', async () => {
    const token = await stack.token('engineering', { expiresIn: -120 });
    expect(await wrongAnswers(routes, `Bearer ${token}`, unauthenticated)).toEqual([]);
  });

  test('answers 401 to a token for another audience', async () => {
    const token = await stack.token('engineering', { audience: 'api://another' });
    expect(await wrongAnswers(routes, `Bearer ${token}`, unauthenticated)).toEqual([]);
  });

  test('answers 401 to a token of another key, and to what is no token', async () => {
    expect(await wrongAnswers(routes, `Bearer ${await forgedToken()}`, unauthenticated)).toEqual([]);
    expect(await wrongAnswers(routes, 'Bearer nonsense', unauthenticated)).toEqual([]);
    expect(await wrongAnswers(routes, 'Basic dXNlcjpwYXNz', unauthenticated)).toEqual([]);
  });

  test('answers 403 to each persona that has none of its roles', async () => {
    const forbidden = { status: 403, code: 'forbidden' };
    for (const [name, { roles }] of Object.entries(personas)) {
      const closed = routes.filter(
        (route) => route.roles.length > 0 && !route.roles.some((role) => roles.some((own) => own === role)),
      );
      expect(closed.length).toBeGreaterThan(0);
      const wrong = await wrongAnswers(closed, `Bearer ${await stack.token(name)}`, forbidden);
      expect({ name, wrong }).toEqual({ name, wrong: [] });
    }
  });

  test('lets each persona in that has one of its roles', async () => {
    const readable = routes.filter(({ method, roles }) => method === 'GET' && roles.length > 0);
    for (const [name, { roles }] of Object.entries(personas)) {
      const open = readable.filter((route) => route.roles.some((role) => roles.some((own) => own === role)));
      for (const { path } of open) {
        const { status } = await stack.call(name, path);
        expect({ name, path, refused: status === 401 || status === 403 || status >= 500 }).toEqual({
          name,
          path,
          refused: false,
        });
      }
    }
  });
});

describe("another owner's image", () => {
  test.each([
    ['GET', ''],
    ['GET', '/raw'],
    ['GET', '/preview'],
    ['HEAD', '/preview'],
    ['DELETE', ''],
  ])('answers %s %s with the 404 of an image that is not there', async (method, tail) => {
    const asked = await stack.call('uploader2', `/images/${imageId}${tail}`, { method });
    const unknown = await stack.call('uploader2', `/images/${randomUUID()}${tail}`, { method });
    expect([asked.status, unknown.status]).toEqual([404, 404]);
    const telling = async (response: Response) => {
      const text = await response.text();
      return text === '' ? '' : { ...(JSON.parse(text) as object), instance: '' };
    };
    expect(await telling(asked)).toEqual(await telling(unknown));
    expect((await stack.call('uploader', `/images/${imageId}`)).status).toBe(200);
  });

  test('is in no list but its owner’s and that of engineering', async () => {
    const listed = async (persona: string) => {
      const response = await stack.call(persona, '/images?limit=200');
      const { images } = (await response.json()) as { images: { id: string }[] };
      return images.map(({ id }) => id);
    };
    expect(await listed('uploader')).toContain(imageId);
    expect(await listed('engineering')).toContain(imageId);
    expect(await listed('uploader2')).not.toContain(imageId);
  });

  test('cannot be reached by bytes without a signature, nor with one that was changed', async () => {
    const image = await stack.outcome(imageId);
    const signed = new URL(image.variants.find(({ name }) => name === 'preview')!.url, stack.endpoints.api);
    expect((await fetch(signed)).status).toBe(200);
    const bare = new URL(signed);
    bare.search = '';
    expect([401, 403]).toContain((await fetch(bare)).status);
    const longer = new URL(signed);
    longer.searchParams.set('expires', String(Number(signed.searchParams.get('expires')) + 3600));
    expect((await fetch(longer)).status).toBe(403);
    const other = new URL(signed);
    other.pathname = signed.pathname.replace(/[^/]+$/, 'raw');
    expect((await fetch(other)).status).toBe(403);
  });
});
