import { createRemoteJWKSet, jwtVerify } from 'jose';

/** Says until when a token is good, in milliseconds since 1970; undefined for one that is not. */
export type VerifyToken = (token: string) => Promise<number | undefined>;

/** Who may send and receive here; on Azure a role assignment on the namespace says it. */
const role = 'Engineering';

/** What the clients of Event Hubs ask Entra for, whatever the namespace. */
const service = 'https://eventhubs.azure.net';

/** Tokens of the local issuer for Event Hubs or for the audience `https://HOST`, as Entra's are for `https://NAMESPACE`. */
export function verifyIssuerTokens(issuer: string, hosts: readonly string[]): VerifyToken {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const audience = [service, `${service}/`, ...hosts.map((host) => `https://${host}`)];
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience });
      const roles = payload['roles'];
      const isAllowed = Array.isArray(roles) && roles.includes(role);
      return isAllowed && payload.exp !== undefined ? payload.exp * 1000 : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Where there is no issuer, no token is good. */
export const verifyNothing: VerifyToken = () => Promise.resolve(undefined);
