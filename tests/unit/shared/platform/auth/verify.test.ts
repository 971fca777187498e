import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { makeAuthenticate, type Authenticate } from '../../../../../shared/platform/auth/verify.ts';
import {
  startIssuer,
  testAudience,
  type IssuerOptions,
  type TestIssuer,
} from '../../../../support/issuer.ts';

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
afterEach(() => void jest.restoreAllMocks());

/** Whose keys are made and used in a moment. */
const quickIssuer = (options: IssuerOptions = {}) => startIssuer({ algorithm: 'ES256', ...options });

const bearer = async (...options: Parameters<TestIssuer['token']>) =>
  `Bearer ${await issuer.token(...options)}`;

describe('a token that is no access token', () => {
  const azp = 'b1946ac9-2492-4d23-b4c5-1f4b5a1c8a11';
  test.each([
    ['an ID token of the same registration', { scp: undefined, preferred_username: 'ada' }],
    ['an ID token with a nonce', { scp: 'access', nonce: 'n' }],
    ['an ID token with the hash of its access token', { scp: 'access', at_hash: 'h' }],
    ['neither scope nor role', { scp: undefined, roles: undefined, azp }],
    ['no scope and no known form of roles', { scp: '', roles: 'Uploader', azp }],
    ['an empty scope and no role', { scp: '', roles: [], azp }],
  ])('is refused: %s', async (_title, claims) => {
    await expect(authenticate(await bearer(claims))).rejects.toMatchObject({
      code: 'unauthenticated',
      status: 401,
    });
  });
});

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

  test.each(['azp', 'appid'])("may be an application's own: roles and %s, no scope", async (claim) => {
    const header = await bearer({ scp: undefined, [claim]: 'b1946ac9-2492-4d23-b4c5-1f4b5a1c8a11' });
    expect(await authenticate(header)).toMatchObject({ roles: ['Uploader'] });
  });

  test('may write the audience as api://GUID', async () => {
    await expect(
      authenticate(await bearer({}, { audience: `api://${testAudience}` })),
    ).resolves.toBeDefined();
  });

  test.each([
    ['oid before sub', { oid: 'a', sub: 'b' }, 'a'],
    ['sub where oid is empty', { oid: '', sub: 'b' }, 'b'],
    ['sub where oid is no text', { oid: 7, sub: 'b' }, 'b'],
  ])('speaks for %s', async (_title, claims, id) => {
    expect(await authenticate(await bearer(claims))).toMatchObject({ id });
  });

  test('is called by its preferred user name where it has no name', async () => {
    const header = await bearer({ name: '', preferred_username: 'ada.l' });
    expect(await authenticate(header)).toMatchObject({ name: 'ada.l' });
  });

  test('whose roles are no list has none', async () => {
    expect(await authenticate(await bearer({ roles: 'Engineering' }))).toMatchObject({ roles: [] });
  });

  test.each(['PS256', 'ES256'] as const)('may be signed with %s', async (algorithm) => {
    const other = await startIssuer({ algorithm });
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience });
    expect(await verify(`Bearer ${await other.token({ oid: 'abc' })}`)).toMatchObject({ id: 'abc' });
    await other.close();
  });

  test('may come with any spelling of the scheme and spaces around it', async () => {
    const token = await issuer.token({ oid: 'abc' });
    for (const header of [`bearer ${token}`, `BEARER   ${token}`, `  Bearer ${token}  `]) {
      expect(await authenticate(header)).toMatchObject({ id: 'abc' });
    }
  });

  test('may be for any of several audiences, written with spaces and in either form', async () => {
    const verify = makeAuthenticate({ issuer: issuer.url, audience: ' first , api://second ,, ' });
    for (const audience of ['first', 'api://first', 'second', 'api://second']) {
      await expect(verify(await bearer({}, { audience }))).resolves.toBeDefined();
    }
    for (const audience of ['', 'api://', 'api://api://second', 'third']) {
      await expect(verify(await bearer({}, { audience }))).rejects.toMatchObject({ status: 401 });
    }
  });

  test('an audience that holds api:// elsewhere keeps it', async () => {
    const verify = makeAuthenticate({ issuer: issuer.url, audience: 'urn:api://x' });
    await expect(verify(await bearer({}, { audience: 'urn:api://x' }))).resolves.toBeDefined();
    await expect(verify(await bearer({}, { audience: 'urn:x' }))).rejects.toMatchObject({ status: 401 });
  });

  test('may have expired, or begin, within the 30 seconds that clocks may differ by', async () => {
    const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
    await expect(authenticate(await bearer({}, { expires: -20 }))).resolves.toBeDefined();
    await expect(authenticate(await bearer({ nbf: soon(20) }))).resolves.toBeDefined();
    await expect(authenticate(await bearer({}, { expires: -40 }))).rejects.toThrow(/expired/);
    await expect(authenticate(await bearer({ nbf: soon(60) }))).rejects.toThrow(/not valid yet/);
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
    // No other test's: of the same second and the same claims there is one token.
    const header = await bearer({ oid: 'again' });
    const before = verify.mock.calls.length;
    const principals = [await authenticate(header), await authenticate(header), await authenticate(header)];
    expect(verify.mock.calls.length - before).toBe(1);
    expect(principals[2]).toEqual(principals[0]);
  });

  test('costs none either when another came in between', async () => {
    const [first, second] = [await bearer({ oid: 'one' }), await bearer({ oid: 'two' })];
    for (const header of [first, second]) await authenticate(header);
    const verify = jest.spyOn(crypto.subtle, 'verify');
    for (const header of [first, second]) await authenticate(header);
    expect(verify).not.toHaveBeenCalled();
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

  test.each([
    ['that has not begun yet', 20, 3600],
    ['that has just expired', undefined, -20],
  ])('is verified in full %s, at the edges of its time', async (_title, nbf, expires) => {
    const begins = nbf === undefined ? {} : { nbf: Math.floor(Date.now() / 1000) + nbf };
    const header = await bearer(begins, { expires });
    await authenticate(header);
    const verify = jest.spyOn(crypto.subtle, 'verify');
    await authenticate(header);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  test('costs no second signature either when it says from when on it is valid', async () => {
    const header = await bearer({ nbf: Math.floor(Date.now() / 1000) - 60 });
    await authenticate(header);
    const verify = jest.spyOn(crypto.subtle, 'verify');
    await authenticate(header);
    expect(verify).not.toHaveBeenCalled();
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
    const other = await quickIssuer();
    const fresh = makeAuthenticate({ issuer: other.url, audience: testAudience });
    const tokenOf = async (oid: string) => `Bearer ${await other.token({ oid })}`;
    const first = await tokenOf('first');
    await fresh(first);
    for (let n = 0; n < 1_000; n += 1) await fresh(await tokenOf(`other-${n}`));
    const verify = jest.spyOn(crypto.subtle, 'verify');
    expect(await fresh(first)).toMatchObject({ id: 'first' });
    expect(verify).toHaveBeenCalledTimes(1);
    await other.close();
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
    ['one that never expires', () => bearer({}, { expires: null }), /no acceptable claim exp/],
    ['one with something behind it', async () => `${await bearer()} more`, /no bearer token/],
    ['one with something before it', async () => `x ${await bearer()}`, /no bearer token/],
    ['one in four parts', async () => `${await bearer()}.x`, /no bearer token/],
    ['one whose scheme runs into it', async () => (await bearer()).replace(' ', ''), /no bearer token/],
    ['one of a key id that nobody knows', () => bearer({}, { kid: 'key-99' }), /not signed by the issuer/],
  ];
  test.each(cases)('%s', async (_title, header, reason) => {
    await expect(authenticate(await header())).rejects.toMatchObject({
      code: 'unauthenticated',
      status: 401,
      message: expect.stringMatching(reason),
    });
  });

  test('says that it is missing only where there is none', async () => {
    await expect(authenticate(null)).rejects.toMatchObject({ details: { missing: true } });
    await expect(authenticate('Bearer')).rejects.toMatchObject({ details: {} });
  });

  test('keeps why as its cause, for the log', async () => {
    await expect(authenticate(await bearer({}, { expires: -60 }))).rejects.toMatchObject({
      cause: { code: 'ERR_JWT_EXPIRED' },
    });
  });

  test('one signed with RS512, which is not among those that are accepted', async () => {
    const other = await startIssuer({ algorithm: 'RS512' });
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience });
    await expect(verify(`Bearer ${await other.token()}`)).rejects.toThrow(/way that is not accepted/);
    await other.close();
  });

  test('an unsigned one', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part({ iss: issuer.url, aud: testAudience, oid: 'x' })}.`;
    await expect(authenticate(`Bearer ${unsigned}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('the issuer', () => {
  test('that changes its keys is followed without a restart', async () => {
    const other = await quickIssuer();
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience, keysCooldownMs: 0 });
    const before = `Bearer ${await other.token()}`;
    await verify(before);
    await other.rotate();
    await expect(verify(`Bearer ${await other.token()}`)).resolves.toBeDefined();
    await expect(verify(before)).rejects.toMatchObject({ code: 'unauthenticated' });
    await other.close();
  });

  test('that gives a new key the id of an old one is believed, and the old key is not', async () => {
    const other = await quickIssuer();
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
    const other = await quickIssuer();
    const header = `Bearer ${await other.token()}`;
    const port = Number(new URL(other.url).port);
    await other.close();
    const verify = makeAuthenticate({ issuer: `http://127.0.0.1:${port}`, audience: testAudience });
    await expect(verify(header)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    const back = await quickIssuer({ port });
    await expect(verify(`Bearer ${await back.token({ oid: 'abc' })}`)).resolves.toMatchObject({ id: 'abc' });
    await back.close();
  });

  test('whose keys cannot be had is 503: nobody is told that their token is wrong', async () => {
    const other = await quickIssuer();
    const header = `Bearer ${await other.token()}`;
    other.failKeys(true);
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience, keysCooldownMs: 0 });
    await expect(verify(header)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    other.failKeys(false);
    await expect(verify(header)).resolves.toBeDefined();
    await other.close();
  });

  test.each([
    ['that names no keys', { jwks_uri: undefined }, /names no keys/],
    ['of another issuer', { issuer: 'https://evil.example' }, /of another issuer/],
  ])('with a discovery document %s is not trusted', async (_title, document, reason) => {
    const other = await quickIssuer({ document });
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience });
    await expect(verify(`Bearer ${await other.token()}`)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringMatching(reason) },
    });
    await other.close();
  });

  test('at an address without discovery is not trusted', async () => {
    const verify = makeAuthenticate({ issuer: `${issuer.url}/nowhere`, audience: testAudience });
    await expect(verify(await bearer())).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: 'Discovery answered 404.' },
    });
  });

  test('whose name ends in a slash is found, and its tokens name it as it is', async () => {
    const unnamed = await quickIssuer();
    const name = `${unnamed.url}/`;
    await unnamed.close();
    const slashed = await quickIssuer({ port: Number(new URL(name).port), document: { issuer: name } });
    const verify = makeAuthenticate({ issuer: name, audience: testAudience });
    const token = await slashed.token({ oid: 'abc' }, { issuer: name });
    expect(await verify(`Bearer ${token}`)).toMatchObject({ id: 'abc' });
    await slashed.close();
  });

  test('is not asked again for ten seconds, however many tokens name keys that it does not have', async () => {
    const other = await quickIssuer();
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience });
    await verify(`Bearer ${await other.token()}`);
    const ask = async () =>
      verify(`Bearer ${await other.token({}, { kid: 'nobody' })}`).catch(() => undefined);
    for (let n = 0; n < 3; n += 1) await ask();
    expect(other.fetches()).toBe(1);
    jest.useFakeTimers({ now: Date.now() + 11_000, doNotFake: [...timersButDate] });
    try {
      await ask();
    } finally {
      jest.useRealTimers();
    }
    expect(other.fetches()).toBe(2);
    await other.close();
  });

  test('is asked for its keys again after an hour', async () => {
    const other = await quickIssuer();
    const verify = makeAuthenticate({ issuer: other.url, audience: testAudience });
    await verify(`Bearer ${await other.token()}`);
    jest.useFakeTimers({ now: Date.now() + 3_599_000, doNotFake: [...timersButDate] });
    try {
      await verify(`Bearer ${await other.token()}`);
      expect(other.fetches()).toBe(1);
      jest.setSystemTime(Date.now() + 2_000);
      await verify(`Bearer ${await other.token()}`);
      expect(other.fetches()).toBe(2);
    } finally {
      jest.useRealTimers();
    }
    await other.close();
  });

  test('that says it is another one is not trusted', async () => {
    const verify = makeAuthenticate({ issuer: `${issuer.url}/`, audience: testAudience });
    await expect(verify(await bearer())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
