import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { personas } from '../../infra/local/identity/personas.ts';
import type { Role } from '../../shared/auth/principal.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  /** Roles that may; undefined where anyone may, or a signed URL. */
  readonly roles: readonly Role[] | undefined;
}

interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { security?: readonly { bearer?: readonly Role[] }[] }>>>
  >;
}

let stack: TestStack;
let operations: readonly Operation[];
let imageId: string;

beforeAll(async () => {
  stack = await startTestStack();
  const document = (await (await fetch(`${stack.endpoints.api}/api/openapi.json`)).json()) as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/^\/api/, ''),
      roles: security?.length === 1 ? security[0]?.bearer : undefined,
    })),
  );
  const body = Uint8Array.from(await quarters(60, 40).png().toBuffer());
  const headers = { 'content-type': 'image/png' };
  const response = await stack.call('uploader', '/images', { method: 'POST', headers, body });
  imageId = ((await response.json()) as { images: { id: string }[] }).images[0]!.id;
  await stack.outcome(imageId);
}, startPatience);

afterAll(() => stack.stop(), 60_000);

const guarded = () => operations.filter(({ roles }) => roles !== undefined);

/** A path with something in the place of each parameter: whether it exists must not matter. */
const filled = (path: string) => path.replace(/\{id\}/, imageId).replace(/\{\w+\}/g, 'preview');

async function statusOf({ method, path }: Operation, token: string | undefined): Promise<number> {
  const response = await fetch(`${stack.endpoints.api}/api${filled(path)}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  return response.status;
}

/** Operations that answer something else than `status` to what `tokenFor` gives, as text. */
async function otherThan(
  status: number,
  tokenFor: (operation: Operation) => Promise<string | undefined> | string | undefined,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of guarded()) {
    const answered = await statusOf(operation, await tokenFor(operation));
    if (answered !== status) wrong.push(`${operation.method} ${operation.path} answered ${answered}`);
  }
  return wrong;
}

describe('every guarded route', () => {
  test('is known from the API’s own description', () => {
    const routes = guarded().map(({ method, path }) => `${method} ${path}`);
    expect(routes).toEqual(
      expect.arrayContaining(['POST /images', 'GET /images', 'GET /images/{id}', 'DELETE /images/{id}']),
    );
  });

  test('answers 401 without a token', async () => {
    expect(await otherThan(401, () => undefined)).toEqual([]);
  });

  test('answers 401 to an expired token', async () => {
    const token = await stack.token('engineering', { expiresIn: -600 });
    expect(await otherThan(401, () => token)).toEqual([]);
  });

  test('answers 401 to a token for another audience', async () => {
    const token = await stack.token('engineering', { audience: 'api://another' });
    expect(await otherThan(401, () => token)).toEqual([]);
  });

  test('answers 401 to a token whose signature was changed', async () => {
    const token = await stack.token('engineering');
    const [head, claims, signature] = token.split('.');
    const changed = `${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`;
    expect(await otherThan(401, () => `${head}.${claims}.${changed}`)).toEqual([]);
  });

  test('answers 403 to a token without the role', async () => {
    const tokens = new Map<string, string>();
    for (const name of Object.keys(personas)) tokens.set(name, await stack.token(name));
    const outsider = ({ roles }: Operation) =>
      Object.entries(personas).find(
        ([, persona]) => !persona.roles.some((role) => roles!.includes(role)),
      )?.[0];
    const open = guarded().filter((operation) => outsider(operation) === undefined);
    expect(open).toEqual([]);
    expect(await otherThan(403, (operation) => tokens.get(outsider(operation)!))).toEqual([]);
  });
});

describe('another owner’s image', () => {
  test('is as if it were not there: 404 for metadata, bytes and erasure', async () => {
    const path = `/images/${imageId}`;
    expect((await stack.call('uploader2', path)).status).toBe(404);
    expect((await stack.call('uploader2', `${path}/preview`)).status).toBe(404);
    expect((await stack.call('uploader2', `${path}/raw`)).status).toBe(404);
    expect((await stack.call('uploader2', path, { method: 'DELETE' })).status).toBe(404);
    const list = await stack.call('uploader2', '/images');
    expect(await list.json()).toMatchObject({ images: [] });
    expect((await stack.call('uploader', path)).status).toBe(200);
  });

  test('is served to nobody without a token or a signature that fits', async () => {
    const variant = `${stack.endpoints.api}/api/images/${imageId}/preview`;
    expect((await fetch(variant)).status).toBe(401);
    const image = await stack.outcome(imageId);
    const url = new URL(image.variants.find(({ name }) => name === 'preview')!.url, stack.endpoints.api);
    expect((await fetch(url)).status).toBe(200);
    const [name, value] = [...url.searchParams].at(-1)!;
    url.searchParams.set(name, `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`);
    expect([401, 403]).toContain((await fetch(url)).status);
  });
});
