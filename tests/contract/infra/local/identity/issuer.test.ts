import { freePort } from '../../../../../infra/local/supervisor/ports.ts';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startIdentity } from '../../../../../infra/local/identity/server.ts';
import { personas } from '../../../../../infra/local/identity/personas.ts';
import { ask, sendRaw } from '../../../../support/raw-http.ts';

let directory: string;
let identity: Awaited<ReturnType<typeof startIdentity>>;

beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-identity-`);
  identity = await startIdentity({ directory, port: await freePort() });
});

afterAll(async () => {
  await identity.close();
  await rm(directory, { recursive: true, force: true });
});

const post = (path: string, fields: Record<string, string>) =>
  fetch(`${identity.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });

async function verify(token: string, audience: string) {
  const discovery = (await (await fetch(`${identity.issuer}/.well-known/openid-configuration`)).json()) as {
    jwks_uri: string;
  };
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  return (await jwtVerify(token, keys, { issuer: identity.issuer, audience })).payload;
}

describe('POST /token with a persona', () => {
  test.each(Object.entries(personas))(
    'issues a token with the claims of %s',
    async (persona, { oid, name, roles }) => {
      const answer = (await (await post('/token', { persona })).json()) as { access_token: string };
      expect(await verify(answer.access_token, 'api://darkroom')).toMatchObject({
        oid,
        sub: oid,
        name,
        roles: [...roles],
      });
    },
  );

  test('answers 400 and the personas that there are to any other name', async () => {
    const response = await post('/token', { persona: 'nobody' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('uploader2'),
    });
  });

  test('issues bad tokens on request: expired, or for another audience', async () => {
    const expired = (await (await post('/token', { persona: 'sales', expires_in: '-60' })).json()) as {
      access_token: string;
    };
    await expect(verify(expired.access_token, 'api://darkroom')).rejects.toMatchObject({
      code: 'ERR_JWT_EXPIRED',
    });
    const foreign = (await (await post('/token', { persona: 'sales', audience: 'api://other' })).json()) as {
      access_token: string;
    };
    await expect(verify(foreign.access_token, 'api://darkroom')).rejects.toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    });
  });
});

describe('signing in', () => {
  const verifier = randomBytes(32).toString('base64url');
  const asked = (changes: Record<string, string> = {}) => ({
    response_type: 'code',
    client_id: 'darkroom-console',
    redirect_uri: 'http://localhost:7071/signed-in',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'the-state',
    nonce: 'the-nonce',
    ...changes,
  });
  const authorize = (parameters: Record<string, string>) =>
    fetch(`${identity.issuer}/authorize?${new URLSearchParams(parameters).toString()}`);

  async function codeFor(persona: string): Promise<string> {
    const response = await post('/authorize', { ...asked(), persona });
    expect(response.status).toBe(302);
    const location = new URL(response.headers.get('location')!);
    expect(location.searchParams.get('state')).toBe('the-state');
    return location.searchParams.get('code')!;
  }

  const redeem = (code: string, changes: Record<string, string> = {}) =>
    post('/token', {
      grant_type: 'authorization_code',
      code,
      client_id: 'darkroom-console',
      redirect_uri: 'http://localhost:7071/signed-in',
      code_verifier: verifier,
      ...changes,
    });

  test('offers every persona on a page that runs no script and asks no other host', async () => {
    const response = await authorize(asked());
    const page = await response.text();
    for (const { name } of Object.values(personas)) expect(page).toContain(name);
    expect(page).not.toMatch(/<script|https:\/\//);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('gives tokens for a code and its verifier, and new ones for the refresh token', async () => {
    const session = (await (await redeem(await codeFor('logistics'))).json()) as Record<string, string>;
    expect(await verify(session['access_token']!, 'api://darkroom')).toMatchObject({ roles: ['Logistics'] });
    expect(await verify(session['id_token']!, 'darkroom-console')).toMatchObject({ nonce: 'the-nonce' });
    const refreshed = (await (
      await post('/token', { grant_type: 'refresh_token', refresh_token: session['refresh_token']! })
    ).json()) as Record<string, string>;
    expect(await verify(refreshed['access_token']!, 'api://darkroom')).toMatchObject({
      roles: ['Logistics'],
    });
  });

  test('hands the code back behind # where that is asked for, and nothing behind ?', async () => {
    const response = await post('/authorize', { ...asked({ response_mode: 'fragment' }), persona: 'sales' });
    const { search, hash } = new URL(response.headers.get('location')!);
    expect(search).toBe('');
    const answer = new URLSearchParams(hash.slice(1));
    expect([answer.get('state'), answer.get('iss')]).toEqual(['the-state', identity.issuer]);
    expect((await redeem(answer.get('code')!)).status).toBe(200);
    expect((await authorize(asked({ response_mode: 'form_post' }))).status).toBe(400);
  });

  test('takes a code once, and only with the verifier, client and address it was made for', async () => {
    const code = await codeFor('sales');
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).status).toBe(400);
    for (const change of [
      { code_verifier: 'guessed' },
      { client_id: 'other' },
      { redirect_uri: 'http://localhost:1/' },
    ]) {
      const response = await redeem(await codeFor('sales'), change);
      expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
    }
  });

  test('refuses another host’s address, a missing challenge and a plain one', async () => {
    for (const change of [
      { redirect_uri: 'https://evil.example/' },
      { code_challenge: '' },
      { code_challenge_method: 'plain' },
    ]) {
      expect((await authorize(asked(change))).status).toBe(400);
    }
  });

  test('does not take an access token for a refresh token', async () => {
    const answer = (await (await post('/token', { persona: 'sales' })).json()) as { access_token: string };
    const response = await post('/token', {
      grant_type: 'refresh_token',
      refresh_token: answer.access_token,
    });
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('lets pages of this machine ask, and no others', async () => {
    const allowed = async (origin: string) =>
      (await fetch(`${identity.issuer}/jwks`, { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed('http://localhost:7071')).toBe('http://localhost:7071');
    expect(await allowed('https://evil.example')).toBeNull();
  });
});

test.each(['GET /%zz', 'GET //', 'GET //[', 'GET /graph/v1.0/%zz', 'POST //'])(
  'an address that is none ends nothing: %s',
  async (line) => {
    const address = new URL(identity.issuer);
    expect((await ask(address, line)).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${identity.issuer}/jwks`)).status).toBe(200);
  },
);

test('a name of elsewhere that points here gets no token and no key (DNS rebinding)', async () => {
  const address = new URL(identity.issuer);
  for (const line of ['POST /token', 'GET /jwks', 'GET /.well-known/openid-configuration']) {
    const lines = [`${line} HTTP/1.1`, 'Host: evil.example:7072', 'Connection: close', 'Content-Length: 0'];
    expect((await sendRaw(address, lines)).status).toBe(421);
  }
});

test('the signing key is kept for its owner only, and outlives a restart', async () => {
  const { mode } = await stat(`${directory}/signing-key.json`);
  expect(mode & 0o077).toBe(0);
  const { access_token: token } = (await (await post('/token', { persona: 'sales' })).json()) as {
    access_token: string;
  };
  const { port, issuer } = identity;
  await identity.close();
  identity = await startIdentity({ directory, port, issuer });
  expect(await verify(token, 'api://darkroom')).toMatchObject({ roles: ['Sales'] });
});
