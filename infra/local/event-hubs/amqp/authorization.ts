import type { Connection } from 'rhea';
import { systemClock } from '../../../../shared/platform/clock.ts';
import { isSasToken, readSasToken } from '../access-key.ts';
import type { VerifyToken } from '../issuer-tokens.ts';
import { isSignedInWithKey } from './sasl.ts';

/** The path of the namespace itself. */
const everything = '';
/** What a timer can wait for at most, milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** What tokens are checked against: those that the key signed, for one of the names, and those of the issuer. */
export interface Credentials {
  readonly key: string;
  readonly hosts: readonly string[];
  readonly verifyToken: VerifyToken;
}

interface Grants {
  /** Until when (milliseconds since 1970) each path may be used, with all below it. */
  readonly until: Map<string, number>;
  timer: NodeJS.Timeout | undefined;
}

/** What each connection may use: the paths of the tokens that it showed, until these expire. */
export class Authorization {
  readonly #key: string;
  readonly #verifyToken: VerifyToken;
  readonly #hosts: ReadonlySet<string>;
  readonly #onExpiry: (connection: Connection) => void;
  readonly #grants = new WeakMap<Connection, Grants>();

  /** `hosts`: names of this namespace, without ports. `onExpiry` is called when a connection lost a path. */
  constructor({ key, hosts, verifyToken }: Credentials, onExpiry: (connection: Connection) => void) {
    this.#key = key;
    this.#verifyToken = verifyToken;
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.#onExpiry = onExpiry;
  }

  /** Takes the token of a `$cbs` request for the connection, if it is good for what the request names. */
  async putToken(connection: Connection, token: string, name: string): Promise<boolean> {
    const grant = await this.#read(token);
    if (!grant || (name !== '' && !covers(grant.path, this.#pathOf(name)))) return false;
    this.#grantsOf(connection).until.set(grant.path, grant.until);
    this.#watch(connection);
    return true;
  }

  /** True when the token itself is good for the path. */
  async tokenAllows(token: string, path: string): Promise<boolean> {
    const grant = await this.#read(token);
    return grant !== undefined && covers(grant.path, path.toLowerCase());
  }

  allows(connection: Connection, address: string): boolean {
    if (isSignedInWithKey(connection)) return true;
    const path = this.#pathOf(address) ?? '';
    const now = systemClock.now().getTime();
    return [...this.#grantsOf(connection).until].some(
      ([granted, until]) => until > now && covers(granted, path),
    );
  }

  forget(connection: Connection): void {
    clearTimeout(this.#grants.get(connection)?.timer);
    this.#grants.delete(connection);
  }

  async #read(token: string): Promise<{ path: string; until: number } | undefined> {
    if (!isSasToken(token)) {
      const until = await this.#verifyToken(token);
      return until === undefined ? undefined : { path: everything, until };
    }
    // Tokens are the client's, whose clock nobody moves.
    const read = readSasToken(token, this.#key, systemClock);
    const path = read && this.#pathOf(read.audience);
    return path === undefined ? undefined : { path, until: read!.expiresAt };
  }

  /** The path below this namespace in an address or audience; undefined for one of another namespace. */
  #pathOf(address: string): string | undefined {
    const match = /^[a-z]+:\/\/([^/]*?)(?::\d+)?(?:\/(.*))?$/i.exec(address);
    if (match && !this.#hosts.has(match[1]!.toLowerCase())) return undefined;
    const path = (match ? (match[2] ?? '') : address).toLowerCase();
    return path
      .split('/')
      .filter((segment) => segment !== '' && segment !== '$management')
      .join('/');
  }

  #grantsOf(connection: Connection): Grants {
    let grants = this.#grants.get(connection);
    if (!grants) {
      grants = { until: new Map(), timer: undefined };
      this.#grants.set(connection, grants);
    }
    return grants;
  }

  /** Waits for the next token of the connection to expire. */
  #watch(connection: Connection): void {
    const grants = this.#grantsOf(connection);
    clearTimeout(grants.timer);
    const now = systemClock.now().getTime();
    for (const [path, until] of grants.until) if (until <= now) grants.until.delete(path);
    if (grants.until.size === 0) return;
    grants.timer = setTimeout(
      () => {
        this.#watch(connection);
        this.#onExpiry(connection);
      },
      Math.min(longestTimer, Math.min(...grants.until.values()) - now),
    );
    grants.timer.unref();
  }
}

/** True when a path is the granted one or below it. */
const covers = (granted: string, path: string | undefined): boolean =>
  path !== undefined && (granted === everything || path === granted || path.startsWith(`${granted}/`));
