import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { makeAuthenticate, type Authenticate } from '../../../../../shared/platform/auth/verify.ts';
import { startIssuer, testAudience, type TestIssuer } from '../../../../support/issuer.ts';

/** All that jest fakes, so that time stands elsewhere for `Date` alone. */
const timersButDate = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

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

describe('a token that was accepted before', () => {
  test('costs no second signature', async () => {
    const verify = jest.spyOn(crypto.subtle, 'verify');
    const header = await bearer({ oid: 'abc' });
    const before = verify.mock.calls.length;
    const principals = [await authenticate(header), await authenticate(header), await authenticate(header)];
    expect(verify.mock.calls.length - before).toBe(1);
    expect(principals[2]).toEqual(principals[0]);
    verify.mockRestore();
  });

  test('is refused all the same when one character of it is another', async () => {
    const header = await bearer();
    await authenticate(header);
    const [head, claims = '', signature] = header.split('.');
    const changed = claims.startsWith('a') ? `b${claims.slice(1)}` : `a${claims.slice(1)}`;
    await expect(authenticate([head, changed, signature].join('.'))).rejects.toMatchObject({ status: 401 });
    const other = header.endsWith('A') ? 'B' : 'A';
    await expect(authenticate(header.slice(0, -3) + other + header.slice(-2))).rejects.toMatchObject({
      status: 401,
    });
  });

  test('is refused once it has expired', async () => {
    const header = await bearer({}, { expires: 600 });
    await authenticate(header);
    jest.useFakeTimers({ now: Date.now() + 600_000 + 31_000, doNotFake: [...timersButDate] });
    try {
      await expect(authenticate(header)).rejects.toThrow(/expired/);
    } finally {
      jest.useRealTimers();
    }
  });

  test('is forgotten when a thousand others have come, and accepted again', async () => {
    const fresh = makeAuthenticate({ issuer: issuer.url, audience: testAudience });
    const first = await bearer({ oid: 'first' });
    await fresh(first);
    for (let n = 0; n < 1_000; n += 1) await fresh(await bearer({ oid: `other-${n}` }));
    const verify = jest.spyOn(crypto.subtle, 'verify');
    expect(await fresh(first)).toMatchObject({ id: 'first' });
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
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

  test('that gives a new key the id of an old one is believed, and the old key is not', async () => {
    const other = await startIssuer();
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience, keysCooldownMs: 0 });
    const before = `Bearer ${await other.token()}`;
    await verify(before);
    for (const kid of [undefined, 'key-1']) {
      await other.rotate(kid);
      await expect(verify(`Bearer ${await other.token()}`)).resolves.toBeDefined();
    }
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
