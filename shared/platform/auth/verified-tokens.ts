import { createHash } from 'node:crypto';
import type { JWTHeaderParameters, JWTPayload, JWTVerifyGetKey } from 'jose';

type Key = Awaited<ReturnType<JWTVerifyGetKey>>;

/** A token as it was verified: with this key its signature never comes out differently. */
export interface Verified {
  readonly header: JWTHeaderParameters;
  readonly key: Key;
  readonly claims: JWTPayload;
}

/** Remembered at once; who comes after takes the place of the first. */
const maxTokens = 1_000;

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** Within its times without any tolerance: at their edges a token is verified in full. */
function isTimely({ exp, nbf }: JWTPayload): boolean {
  const now = Date.now() / 1000;
  return exp !== undefined && now < exp && (nbf === undefined || nbf <= now);
}

/**
 * What has been verified, by the digests of tokens, so that a page's hundred requests cost one signature. A token is
 * good only for as long as the issuer's keys answer with the very key that verified it.
 */
export function makeVerifiedTokens(keys: JWTVerifyGetKey) {
  const kept = new Map<string, Verified>();

  async function isKeyOf(token: string, { header, key }: Verified): Promise<boolean> {
    const [, payload = '', signature = ''] = token.split('.');
    try {
      return (await keys(header, { payload, signature })) === key;
    } catch {
      return false;
    }
  }

  return {
    /** The claims of a token that would be accepted again; undefined when it has to be verified. */
    async claimsOf(token: string): Promise<JWTPayload | undefined> {
      const found = kept.get(digestOf(token));
      if (found === undefined || !isTimely(found.claims)) return undefined;
      return (await isKeyOf(token, found)) ? found.claims : undefined;
    },
    remember(token: string, verified: Verified): void {
      const [oldest] = kept.keys();
      if (kept.size >= maxTokens && oldest !== undefined) kept.delete(oldest);
      kept.set(digestOf(token), verified);
    },
  };
}

export type VerifiedTokens = ReturnType<typeof makeVerifiedTokens>;
