import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

/** An OpenID Connect issuer with keys of its own on a free port, to meet the verifier as a real one would. */
export interface TestIssuer {
  readonly url: string;
  readonly audience: string;
  /** A token for these claims; `key`, `issuer`, `audience` and `expires` (seconds from now) can be made wrong. */
  token(claims?: JWTPayload, wrong?: Wrong): Promise<string>;
  /** Signs from now on with a new key, under an id of its own unless told; the old one is no longer published. */
  rotate(kid?: string): Promise<void>;
  /** How often the key set was fetched. */
  fetches(): number;
  close(): Promise<void>;
}

export interface Wrong {
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: number;
}

export const testAudience = '6c7e0ad4-6a52-4b0f-9f4c-0c9f8a5f5c11';

export async function startIssuer(): Promise<TestIssuer> {
  let serial = 0;
  const newKey = async () => ({ ...(await generateKeyPair('RS256')), kid: `key-${(serial += 1)}` });
  let key = await newKey();
  let fetches = 0;
  const server = createServer((request, response) => {
    const answer = (body: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') {
      answer({ issuer: url, jwks_uri: `${url}/keys` });
    } else if (request.url === '/keys') {
      fetches += 1;
      void exportJWK(key.publicKey).then((jwk) =>
        answer({ keys: [{ ...jwk, kid: key.kid, use: 'sig', alg: 'RS256' }] }),
      );
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    audience: testAudience,
    token: (claims = {}, wrong = {}) =>
      new SignJWT({ oid: 'person-1', name: 'Ada', roles: ['Uploader'], ...claims })
        .setProtectedHeader({ alg: wrong.alg ?? 'RS256', kid: key.kid })
        .setIssuer(wrong.issuer ?? url)
        .setAudience(wrong.audience ?? testAudience)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + (wrong.expires ?? 3600))
        .sign(wrong.key ?? key.privateKey),
    rotate: async (kid) => {
      const fresh = await newKey();
      key = { ...fresh, kid: kid ?? fresh.kid };
    },
    fetches: () => fetches,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
