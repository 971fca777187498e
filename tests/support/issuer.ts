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
  /** Answers 500 from now on (or no longer) where its keys are asked for. */
  failKeys(fails: boolean): void;
  /** How often the key set was fetched. */
  fetches(): number;
  close(): Promise<void>;
}

export interface Wrong {
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Null for a token that never expires. */
  readonly expires?: number | null;
  /** Of the key that it says it is signed with. */
  readonly kid?: string;
}

export interface IssuerOptions {
  readonly algorithm?: 'RS256' | 'PS256' | 'ES256' | 'RS512';
  /** A free one unless told, as when one comes back that was away. */
  readonly port?: number;
  /** What its discovery document says in place of the truth. */
  readonly document?: Readonly<Record<string, unknown>>;
}

export const testAudience = '6c7e0ad4-6a52-4b0f-9f4c-0c9f8a5f5c11';

export async function startIssuer({
  algorithm = 'RS256',
  port = 0,
  document = {},
}: IssuerOptions = {}): Promise<TestIssuer> {
  let serial = 0;
  let keysFail = false;
  const newKey = async () => ({ ...(await generateKeyPair(algorithm)), kid: `key-${(serial += 1)}` });
  let key = await newKey();
  let fetches = 0;
  const server = createServer((request, response) => {
    const answer = (body: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') {
      answer({ issuer: url, jwks_uri: `${url}/keys`, ...document });
    } else if (request.url === '/keys') {
      fetches += 1;
      if (keysFail) {
        response.writeHead(500).end();
        return;
      }
      void exportJWK(key.publicKey).then((jwk) =>
        answer({ keys: [{ ...jwk, kid: key.kid, use: 'sig', alg: algorithm }] }),
      );
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    audience: testAudience,
    token: (claims = {}, wrong = {}) => {
      const { expires = 3600 } = wrong;
      const token = new SignJWT({
        oid: 'person-1',
        name: 'Ada',
        roles: ['Uploader'],
        scp: 'access',
        ...claims,
      })
        .setProtectedHeader({ alg: wrong.alg ?? algorithm, kid: wrong.kid ?? key.kid })
        .setIssuer(wrong.issuer ?? url)
        .setAudience(wrong.audience ?? testAudience)
        .setIssuedAt();
      if (expires !== null) token.setExpirationTime(Math.floor(Date.now() / 1000) + expires);
      return token.sign(wrong.key ?? key.privateKey);
    },
    rotate: async (kid) => {
      const fresh = await newKey();
      key = { ...fresh, kid: kid ?? fresh.kid };
    },
    failKeys: (fails) => void (keysFail = fails),
    fetches: () => fetches,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
