import pg from 'pg';
import type { SchemaName } from '../catalog/index.ts';
import { withRetry } from '../retry.ts';
import { loginOf, roleOf } from '../roles.ts';
import { parseAddress, type Address, type Host } from './address.ts';
import { isPassing } from './errors.ts';

const poolSize = 8;
/** A restart of the server, and a failover to another one, is waited for. */
const connectBudgetMs = 20_000;

class WrongServer extends Error {}

type Kind = 'primary' | 'standby';

interface Place {
  readonly host: Host;
  readonly kind: Kind;
}

/** How long a role that prefers a standby stays with the primary before it looks for one again. */
const secondChoiceMs = 5_000;

/** Whether a role's calls may be answered by a standby, as those with read-only intent are in Azure SQL. */
const wantedBy = (schema: SchemaName): Kind => (schema === 'analytics' ? 'standby' : 'primary');

async function assertIs(client: pg.ClientBase, kind: Kind): Promise<void> {
  const { rows } = await client.query<{ standby: string }>('SELECT pg_is_in_recovery() AS standby');
  if ((rows[0]?.standby === 't' ? 'standby' : 'primary') !== kind) throw new WrongServer();
}

/** One pool for each role, server and kind of server, connected when its first call comes. */
export class Pools {
  readonly #address: Address;
  readonly #pools = new Map<string, pg.Pool>();
  /** Where a role was served last, and until when that is asked first. */
  readonly #served = new Map<SchemaName, Place & { readonly until: number }>();

  constructor(address: string) {
    this.#address = parseAddress(address);
  }

  /** A connection to the server that serves the role: reads of analytics prefer a standby, all else needs the primary. */
  async connect(schema: SchemaName): Promise<pg.PoolClient> {
    return withRetry(() => this.#tryEach(schema), {
      retryable: (error) => isPassing(error) || error instanceof WrongServer,
      budgetMs: connectBudgetMs,
    });
  }

  #places(schema: SchemaName): readonly Place[] {
    const kinds: readonly Kind[] = wantedBy(schema) === 'standby' ? ['standby', 'primary'] : ['primary'];
    const all = kinds.flatMap((kind) => this.#address.hosts.map((host) => ({ host, kind })));
    const served = this.#served.get(schema);
    return served !== undefined && performance.now() < served.until ? [served, ...all] : all;
  }

  async #tryEach(schema: SchemaName): Promise<pg.PoolClient> {
    const user = this.#address.user ?? loginOf(roleOf(schema));
    let failure: unknown = new WrongServer();
    for (const place of this.#places(schema)) {
      try {
        const client = await this.#pool(user, place).connect();
        const isFirstChoice = place.kind === wantedBy(schema);
        const until = isFirstChoice ? Infinity : performance.now() + secondChoiceMs;
        if (this.#served.get(schema)?.host !== place.host || isFirstChoice)
          this.#served.set(schema, { ...place, until });
        return client;
      } catch (error) {
        if (!(error instanceof WrongServer)) failure = error;
      }
    }
    throw failure;
  }

  #pool(user: string, { host: { host, port }, kind }: Place): pg.Pool {
    const key = `${user} ${host} ${port} ${kind}`;
    const existing = this.#pools.get(key);
    if (existing !== undefined) return existing;
    const pool = new pg.Pool({
      ...{ host, port, user },
      database: this.#address.database,
      password: () => this.#address.password(user),
      application_name: 'darkroom',
      max: poolSize,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 10_000,
      // A server may change its kind: a connection is not kept for long.
      maxLifetimeSeconds: 60,
      pipeline: true,
      types: { getTypeParser: () => (text: string | null) => text },
      // The pool waits for it, which its types do not say.
      // eslint-disable-next-line @typescript-eslint/no-misused-promises
      onConnect: (client) => assertIs(client, kind),
    });
    // An idle connection that breaks is replaced by the next call; without a listener it would end the process.
    pool.on('error', () => undefined);
    this.#pools.set(key, pool);
    return pool;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }
}
