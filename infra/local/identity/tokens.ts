import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { SigningKey } from './keys.ts';
import { personas } from './personas.ts';

/** Audience of the access tokens unless another is asked for (then they are for tests of bad tokens). */
const apiAudience = 'api://darkroom';

const seconds = { access: 3600, refresh: 14 * 24 * 3600 } as const;

export interface AccessOptions {
  readonly audience?: string | undefined;
  /** Seconds; negative makes a token that has expired already. */
  readonly expiresIn?: number | undefined;
}

/** Issues the tokens that Entra would, with the claims that the API reads. */
export function makeTokens(key: SigningKey, issuer: string) {
  const now = () => Math.floor(Date.now() / 1000);
  const sign = (claims: JWTPayload, audience: string, expiresIn: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.publicJwk.kid!, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(now() + Math.min(0, expiresIn))
      .setExpirationTime(now() + expiresIn)
      .sign(key.privateKey);
  const claimsOf = (name: string) => {
    const { oid, name: fullName, roles } = personas[name]!;
    return { oid, sub: oid, name: fullName, roles: [...roles], preferred_username: name };
  };
  const keys = createLocalJWKSet({ keys: [key.publicJwk] });

  async function access(
    persona: string,
    { audience = apiAudience, expiresIn = seconds.access }: AccessOptions,
  ) {
    const token = await sign({ ...claimsOf(persona), scp: 'access' }, audience, expiresIn);
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn };
  }

  return {
    access,

    /** What a sign-in in the browser yields; the refresh token is a signed one, so that it outlives a restart. */
    async session(persona: string, clientId: string, nonce: string | undefined) {
      const identity = { ...claimsOf(persona), ...(nonce !== undefined && { nonce }) };
      return {
        ...(await access(persona, {})),
        id_token: await sign(identity, clientId, seconds.access),
        refresh_token: await sign({ persona, client_id: clientId }, `${issuer}/token`, seconds.refresh),
        scope: 'openid profile offline_access',
      };
    },

    async openRefreshToken(token: string) {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: `${issuer}/token` });
      return { persona: String(payload['persona']), clientId: String(payload['client_id']) };
    },
  };
}
