import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { makeAuthenticate, type Authenticate } from '../../../../shared/auth/verify.ts';
import { startIssuer, testAudience, type TestIssuer } from '../../../support/issuer.ts';

let issuer: TestIssuer;
let authenticate: Authenticate;

beforeAll(async () => {
  issuer = await startIssuer();
  authenticate = makeAuthenticate({ issuer: issuer.url, audience: testAudience });
});
afterAll(() => issuer.close());

const bearer = async (...options: Parameters<TestIssuer['token']>) =>
  `Bearer ${await issuer.token(...options)}`;

describe('a token that is accepted', () => {
  test('speaks for its oid, name and the roles that are known', async () => {
    const header = await bearer({ oid: 'abc', sub: 'other', name: 'Ada', roles: ['Sales', 'Janitor'] });
    expect(await authenticate(header)).toEqual({ id: 'abc', name: 'Ada', roles: ['Sales'] });
  });

  test('may name its subject only, and have no role', async () => {
    const principal = await authenticate(
      await bearer({ oid: undefined, sub: 'service-7', name: undefined, roles: undefined }),
    );
    expect(principal).toEqual({ id: 'service-7', name: 'service-7', roles: [] });
  });

  test('may write the audience as api://GUID', async () => {
    await expect(
      authenticate(await bearer({}, { audience: `api://${testAudience}` })),
    ).resolves.toBeDefined();
  });

  test('costs one fetch of the keys, however many there are', async () => {
    const fresh = makeAuthenticate({ issuer: issuer.url, audience: testAudience });
    const before = issuer.fetches();
    for (let n = 0; n < 5; n += 1) await fresh(await bearer());
    expect(issuer.fetches() - before).toBe(1);
  });
});

describe('a token that is refused with unauthenticated', () => {
  const cases: readonly [string, () => Promise<string | null>, RegExp][] = [
    ['none at all', async () => Promise.resolve(null), /Send an access token/],
    ['another scheme', async () => Promise.resolve('Basic YTpi'), /no bearer token/],
    ['no token', async () => Promise.resolve('Bearer a.b.c'), /not a well-formed/],
    ['an expired one', () => bearer({}, { expires: -60 }), /expired/],
    ['one for another audience', () => bearer({}, { audience: 'somebody-else' }), /another audience/],
    ['one of another issuer', () => bearer({}, { issuer: 'https://evil.example' }), /another issuer/],
    [
      'one signed with a key that the issuer does not have',
      async () => bearer({}, { key: (await generateKeyPair('RS256')).privateKey }),
      /not signed by the issuer/,
    ],
    [
      'one signed with a shared secret',
      () => bearer({}, { alg: 'HS256', key: new Uint8Array(32) }),
      /way that is not accepted/,
    ],
    ['one that names nobody', () => bearer({ oid: undefined }), /names nobody/],
  ];
  test.each(cases)('%s', async (_title, header, reason) => {
    await expect(authenticate(await header())).rejects.toMatchObject({
      code: 'unauthenticated',
      status: 401,
      message: expect.stringMatching(reason),
    });
  });

  test('an unsigned one', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part({ iss: issuer.url, aud: testAudience, oid: 'x' })}.`;
    await expect(authenticate(`Bearer ${unsigned}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('the issuer', () => {
  test('that changes its keys is followed without a restart', async () => {
    const other = await startIssuer();
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience, keysCooldownMs: 0 });
    const before = `Bearer ${await other.token()}`;
    await verify(before);
    await other.rotate();
    await expect(verify(`Bearer ${await other.token()}`)).resolves.toBeDefined();
    await expect(verify(before)).rejects.toMatchObject({ code: 'unauthenticated' });
    await other.close();
  });

  test('away at first is 503, and asked again when it is back', async () => {
    const other = await startIssuer();
    const header = `Bearer ${await other.token()}`;
    const port = Number(new URL(other.url).port);
    await other.close();
    const verify = makeAuthenticate({ issuer: `http://127.0.0.1:${port}`, audience: testAudience });
    await expect(verify(header)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
  });

  test('that says it is another one is not trusted', async () => {
    const verify = makeAuthenticate({ issuer: `${issuer.url}/`, audience: testAudience });
    await expect(verify(await bearer())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
