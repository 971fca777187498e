import type { VerifyToken } from '../issuer-tokens.ts';
import type { Namespace } from '../namespace.ts';
import type { Throttle } from '../throttle.ts';
import type { Groups } from './groups.ts';
import type { WireReader, WireWriter } from './wire.ts';

/** Where the one broker of this cluster says it is. */
export interface Broker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** What a request may know and change of its connection. */
export interface Session {
  readonly namespace: Namespace;
  readonly key: string;
  readonly broker: Broker;
  readonly groups: Groups;
  readonly throttle: Throttle;
  /** What the client calls itself, in its latest request. */
  clientId: string;
  /** Aborted when the client is gone, so that nothing waits on its behalf. */
  readonly gone: AbortSignal;
  readonly verifyToken: VerifyToken;
  /** Milliseconds since 1970; what comes later needs another sign-in. */
  signedInUntil: number;
  mechanism: string | undefined;
  /** The next bytes are the client's credentials, without a request around them (SaslHandshake version 0). */
  expectsCredentials: boolean;
}

/** Writes the response; undefined when the client asked for none. */
export type Respond = ((response: WireWriter) => void) | undefined;

/**
 * One API of the Kafka protocol in a range of versions. `handle` reads the whole request and starts its work before it
 * first waits, so that the requests of a connection take effect in their order.
 */
export interface KafkaApi {
  readonly key: number;
  readonly name: string;
  readonly versions: readonly [first: number, last: number];
  /** The first flexible version; later than the last one when there is none here. */
  readonly flexibleFrom: number;
  readonly needsNoSignIn?: boolean;
  handle(request: WireReader, version: number, session: Session): Promise<Respond> | Respond;
}
