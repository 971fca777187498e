import type { Connection, Container } from 'rhea';
import { accessKeyName, keyIsValid } from '../access-key.ts';

/** ANONYMOUS and MSSBCBS both leave it to `$cbs` to say who is there. */
const cbsMechanism = () => ({
  outcome: undefined as boolean | undefined,
  username: 'cbs',
  start() {
    this.outcome = true;
  },
});

/** Name of the policy and its key (RFC 4616); such a connection needs no token. */
class PlainMechanism {
  outcome: boolean | undefined;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  start(response: Buffer | undefined): void {
    const [, user, password = ''] = (response ?? '').toString().split('\0');
    this.outcome = user === accessKeyName && keyIsValid(password, this.#key);
  }
}

export function allowSasl(container: Container, key: string): void {
  const mechanisms = container.sasl_server_mechanisms as unknown as Record<string, unknown>;
  mechanisms['MSSBCBS'] = cbsMechanism;
  mechanisms['ANONYMOUS'] = cbsMechanism;
  mechanisms['PLAIN'] = () => new PlainMechanism(key);
}

/** True for a connection whose client showed the key itself. */
export function isSignedInWithKey(connection: Connection): boolean {
  const { sasl_transport: transport } = connection as unknown as {
    sasl_transport?: { selected?: { mechanism?: unknown } };
  };
  const mechanism = transport?.selected?.mechanism;
  return mechanism instanceof PlainMechanism && mechanism.outcome === true;
}
