import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { DarkroomError } from '../errors.ts';
import { roles, type Principal, type Role } from './principal.ts';
import { makeVerifiedTokens, type VerifiedTokens } from './verified-tokens.ts';

/** From the value of an `Authorization` header to who it speaks for; throws `unauthenticated` or `unavailable`. */
export type Authenticate = (authorization: string | null) => Promise<Principal>;

/** Asymmetric only: with these, a public key can never be mistaken for a shared secret. */
const algorithms = ['RS256', 'PS256', 'ES256'];

/** Clocks of issuer and API may differ by this much. Seconds. */
const clockToleranceSeconds = 30;
/** How long keys are trusted without asking again, and how long an unknown key id may not make us ask. Milliseconds. */
const keysMaxAge = 3_600_000;
const keysCooldown = 10_000;
const issuerTimeout = 5_000;

const unauthenticated = (message: string, cause?: unknown): DarkroomError =>
  new DarkroomError('unauthenticated', message, { cause });

const issuerAway = (cause: unknown): DarkroomError =>
  new DarkroomError(
    'unavailable',
    'The token issuer cannot be reached, so nobody can be let in; try again.',
    {
      cause,
    },
  );

/** A client id is accepted in both forms that Entra writes it in, `GUID` and `api://GUID`. */
const audiencesOf = (configured: string): string[] =>
  configured
    .split(',')
    .map((audience) => audience.trim())
    .filter((audience) => audience !== '')
    .flatMap((audience) => {
      const bare = audience.replace(/^api:\/\//, '');
      return [bare, `api://${bare}`];
    });

async function discover(issuer: string, cooldown: number): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(issuerTimeout) });
  if (!response.ok) throw new Error(`Discovery answered ${response.status}.`);
  const document = (await response.json()) as { issuer?: string; jwks_uri?: string };
  if (document.issuer !== issuer) throw new Error('The discovery document is of another issuer.');
  if (document.jwks_uri === undefined) throw new Error('The discovery document names no keys.');
  return createRemoteJWKSet(new URL(document.jwks_uri), {
    cacheMaxAge: keysMaxAge,
    cooldownDuration: cooldown,
    timeoutDuration: issuerTimeout,
  });
}

const claimFaults: ReadonlyMap<string, string> = new Map([
  ['aud', 'is for another audience'],
  ['iss', 'is from another issuer'],
  ['nbf', 'is not valid yet'],
]);

/** The token itself is at fault: anything else that goes wrong while verifying is the issuer's absence. */
function refusal(error: unknown): DarkroomError {
  if (error instanceof errors.JWTExpired)
    return unauthenticated('The token has expired; sign in again.', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const fault = claimFaults.get(error.claim) ?? `has no acceptable claim ${error.claim}`;
    return unauthenticated(`The token ${fault}.`, error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return unauthenticated('The token is not signed by the issuer.', error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return unauthenticated('The token is signed in a way that is not accepted.', error);
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return unauthenticated('The token is not a well-formed JSON web token.', error);
  }
  return issuerAway(error);
}

const textOf = (claims: JWTPayload, claim: string): string | undefined => {
  const value = claims[claim];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const rolesOf = (claims: JWTPayload): unknown[] => (Array.isArray(claims['roles']) ? claims['roles'] : []);

/**
 * An ID token may have our audience and roles as well, where console and API are one registration: it says who signed in
 * to the client, not what the client may do. An access token has a scope (for a person) or, for an application by
 * itself, roles and the application that it was issued to (`azp`, in version 1 `appid`).
 */
function isAccessToken(claims: JWTPayload): boolean {
  const isIdToken = ['nonce', 'at_hash', 'c_hash'].some((claim) => claim in claims);
  const isOfApplication =
    rolesOf(claims).length > 0 && ['azp', 'appid'].some((claim) => textOf(claims, claim) !== undefined);
  return !isIdToken && (textOf(claims, 'scp') !== undefined || isOfApplication);
}

function principalOf(claims: JWTPayload): Principal {
  if (!isAccessToken(claims))
    throw unauthenticated('The token is no access token for this API: it has neither a scope nor a role.');
  const text = (claim: string) => textOf(claims, claim);
  const id = text('oid') ?? text('sub');
  if (id === undefined) throw unauthenticated('The token names nobody (no oid or sub).');
  const claimed = rolesOf(claims);
  return {
    id,
    name: text('name') ?? text('preferred_username') ?? id,
    roles: claimed.filter((role): role is Role => (roles as readonly unknown[]).includes(role)),
  };
}

/**
 * Verifies access tokens of one issuer: signature (keys found by discovery, cached), issuer, audience, expiry, roles.
 * The times in a token are the issuer's, so they are held against the system's clock, not the one that tests move.
 */
export function makeAuthenticate(options: {
  issuer: string;
  audience: string;
  keysCooldownMs?: number;
}): Authenticate {
  const { issuer } = options;
  const audience = audiencesOf(options.audience);
  let found: Promise<{ keys: JWTVerifyGetKey; verified: VerifiedTokens }> | undefined;
  const findKeys = () => {
    found ??= discover(issuer, options.keysCooldownMs ?? keysCooldown)
      .then((keys) => ({ keys, verified: makeVerifiedTokens(keys) }))
      .catch((error: unknown) => {
        found = undefined;
        throw issuerAway(error);
      });
    return found;
  };

  async function verify(token: string): Promise<JWTPayload> {
    const { keys, verified } = await findKeys();
    const again = await verified.claimsOf(token);
    if (again !== undefined) return again;
    const { payload, protectedHeader, key } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp'],
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    verified.remember(token, { header: protectedHeader, key, claims: payload });
    return payload;
  }

  return async (authorization) => {
    if (authorization === null) {
      throw new DarkroomError('unauthenticated', 'Send an access token: Authorization: Bearer ….', {
        details: { missing: true },
      });
    }
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined) throw unauthenticated('The Authorization header holds no bearer token.');
    return principalOf(await verify(token));
  };
}
