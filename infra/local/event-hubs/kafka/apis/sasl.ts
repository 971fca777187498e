import { connectionStringIsValid } from '../../access-key.ts';
import type { KafkaApi } from '../api.ts';
import { errorCodes, KafkaFault } from '../error-codes.ts';

const mechanisms = ['PLAIN'];
/** Event Hubs' user name for "the password is a connection string". */
const userName = '$ConnectionString';

/** Version 0 is announced for librdkafka's feature detection; tokens outside of requests, as it has them, are not taken. */
export const saslHandshake: KafkaApi = {
  key: 17,
  name: 'SaslHandshake',
  versions: [0, 1],
  flexibleFrom: 2,
  needsNoSignIn: true,
  handle(request, version, session) {
    if (version === 0) throw new KafkaFault(errorCodes.unsupportedVersion, 'SaslHandshake needs version 1.');
    const mechanism = request.string();
    const isKnown = mechanisms.includes(mechanism);
    session.mechanism = isKnown ? mechanism : undefined;
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
  handle(request, version, session) {
    const [, user = '', password = ''] = (request.nullableBytes() ?? '').toString().split('\0');
    session.isAuthenticated =
      session.mechanism !== undefined && user === userName && connectionStringIsValid(password, session.key);
    const isGood = session.isAuthenticated;
    return (response) => {
      response.int16(isGood ? errorCodes.none : errorCodes.saslAuthenticationFailed);
      response.string(
        isGood ? null : `Sign in as ${userName} with a connection string of this namespace as password.`,
      );
      response.bytes(Buffer.alloc(0));
      if (version >= 1) response.int64(0);
      response.tags();
    };
  },
};
