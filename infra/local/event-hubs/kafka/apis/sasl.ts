import { connectionStringIsValid } from '../../access-key.ts';
import type { KafkaApi, Session } from '../api.ts';
import { errorCodes } from '../error-codes.ts';

/** PLAIN is sign-in with a connection string, OAUTHBEARER with a token of the issuer. */
const mechanisms = ['PLAIN', 'OAUTHBEARER'];
/** Event Hubs' user name for "the password is a connection string". */
const userName = '$ConnectionString';

const refusals: Readonly<Record<string, string>> = {
  PLAIN: `Sign in as ${userName} with a connection string of this namespace as password.`,
  OAUTHBEARER:
    'Sign in with a token of the issuer, for the audience https://HOST and with the role Engineering.',
};

/** Takes what the client says of itself in its mechanism; true when that lets it in. */
export async function signIn(session: Session, credentials: Buffer): Promise<boolean> {
  session.signedInUntil =
    session.mechanism === 'OAUTHBEARER'
      ? ((await session.verifyToken(bearerIn(credentials))) ?? 0)
      : plainUntil(session, credentials);
  return session.signedInUntil > Date.now();
}

function plainUntil({ mechanism, key }: Session, credentials: Buffer): number {
  const [, user = '', password = ''] = credentials.toString().split('\0');
  const isGood = mechanism === 'PLAIN' && user === userName && connectionStringIsValid(password, key);
  return isGood ? Number.POSITIVE_INFINITY : 0;
}

/** The token in an initial client response of RFC 7628, whose fields end with the byte 1. */
const bearerIn = (credentials: Buffer): string => {
  const prefix = 'auth=Bearer ';
  const fields = credentials.toString().split('\u0001');
  return fields.find((field) => field.startsWith(prefix))?.slice(prefix.length) ?? '';
};

/** After version 0 the client sends its credentials without a request around them; the connection sees to that. */
export const saslHandshake: KafkaApi = {
  key: 17,
  name: 'SaslHandshake',
  versions: [0, 1],
  flexibleFrom: 2,
  needsNoSignIn: true,
  handle(request, version, session) {
    const mechanism = request.string();
    const isKnown = mechanisms.includes(mechanism);
    session.mechanism = isKnown ? mechanism : undefined;
    session.expectsCredentials = isKnown && version === 0;
    return (response) => {
      response.int16(isKnown ? errorCodes.none : errorCodes.unsupportedSaslMechanism);
      response.array(mechanisms, (name) => response.string(name));
    };
  },
};

export const saslAuthenticate: KafkaApi = {
  key: 36,
  name: 'SaslAuthenticate',
  versions: [0, 2],
  flexibleFrom: 2,
  needsNoSignIn: true,
  async handle(request, version, session) {
    const isGood = await signIn(session, request.nullableBytes() ?? Buffer.alloc(0));
    const lifetime = session.signedInUntil - Date.now();
    return (response) => {
      const refused = session.mechanism ? errorCodes.saslAuthenticationFailed : errorCodes.illegalSaslState;
      response.int16(isGood ? errorCodes.none : refused);
      response.string(isGood ? null : (refusals[session.mechanism ?? ''] ?? 'Name a mechanism first.'));
      response.bytes(Buffer.alloc(0));
      // 0 says that nothing ends; otherwise the client signs in again before (KIP-368).
      if (version >= 1) response.int64(isGood && Number.isFinite(lifetime) ? Math.floor(lifetime) : 0);
      response.tags();
    };
  },
};
