import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';
import { writeWhole } from '../../write-whole.ts';

export interface SigningKey {
  readonly privateKey: CryptoKey;
  /** With `kid`, `alg` and `use`, as it stands in the JWKS. */
  readonly publicJwk: JWK;
}

async function makeKeyFile(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  writeWhole(file, JSON.stringify(await exportJWK(privateKey)));
}

/** The issuer's RS256 key, made at the first start and kept in the state directory for its owner only. */
export async function loadSigningKey(directory: string): Promise<SigningKey> {
  mkdirSync(directory, { recursive: true });
  const file = `${directory}/signing-key.json`;
  if (!existsSync(file)) await makeKeyFile(file);
  const jwk = JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const { kty, n, e } = jwk;
  const kid = await calculateJwkThumbprint({ kty: kty!, n: n!, e: e! });
  return {
    privateKey: (await importJWK(jwk, 'RS256')) as CryptoKey,
    publicJwk: { kty: kty!, n: n!, e: e!, kid, alg: 'RS256', use: 'sig' },
  };
}
