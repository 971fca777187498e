import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { databaseRoles } from '../../../shared/database/rights/types.ts';
import { loginOf } from '../../../shared/database/roles.ts';
import { ownerAddress } from './addresses.ts';
import { fingerprint, type TableState } from './fingerprint.ts';
import { connectionLimit } from './logins.ts';
import { peerOf, primaryOf, type Slot } from './slots.ts';
import { connected } from './connected.ts';

export interface FailoverActions {
  readonly folder: string;
  readonly ports: Readonly<Record<Slot, number>>;
  readonly stop: (slot: Slot) => Promise<void>;
  readonly start: (slot: Slot) => Promise<void>;
}

export interface FailoverReport {
  readonly from: Slot;
  readonly to: Slot;
  /** The end of the log that the old primary had written, and where the new one went on. */
  readonly written: string;
  readonly replayed: string;
  readonly tables: readonly (TableState & { readonly isSame: boolean })[];
  /** Rows or tables that are not what they were: none, or something committed was lost. */
  readonly lost: number;
  /** How long no service could write, and until the new standby ran. */
  readonly blockedMs: number;
  readonly totalMs: number;
}

const logins = databaseRoles.map(loginOf);
const replayBudgetMs = 30_000;

const limitLogins = (client: pg.Client, limit: number): Promise<unknown> =>
  client.query(logins.map((login) => `ALTER ROLE ${login} CONNECTION LIMIT ${limit}`).join('; '));

/** From here on no service commits: whoever is in is put out, unacknowledged, and nobody comes in. */
async function block(client: pg.Client): Promise<void> {
  await limitLogins(client, 0);
  const others = 'FROM pg_stat_activity WHERE usename = ANY($1)';
  while ((await client.query(`SELECT pg_terminate_backend(pid) ${others}`, [logins])).rowCount !== 0)
    await wait(20);
}

interface Stand {
  readonly tables: readonly TableState[];
  readonly written: string;
}

const standOf = async (client: pg.Client): Promise<Stand> => {
  const tables = await fingerprint(client);
  const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn() AS lsn');
  return { tables, written: rows[0]!.lsn };
};

async function assertFollows(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ follows: boolean }>(
    'SELECT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_wal_receiver) AS follows',
  );
  if (!rows[0]!.follows) throw new Error('The standby does not follow the primary, so nothing was changed.');
}

/** Everything that the old primary wrote is replayed before the standby is promoted. */
async function promote(client: pg.Client, written: string): Promise<string> {
  const deadline = performance.now() + replayBudgetMs;
  for (;;) {
    const { rows } = await client.query<{ lsn: string; has_all: boolean }>(
      'SELECT pg_last_wal_replay_lsn() AS lsn, pg_last_wal_replay_lsn() >= $1::pg_lsn AS has_all',
      [written],
    );
    const { lsn, has_all: hasAll } = rows[0]!;
    if (hasAll) {
      await client.query('SELECT pg_promote(true, 60)');
      return lsn;
    }
    if (performance.now() > deadline)
      throw new Error(`The standby has the log up to ${lsn}, not to ${written}.`);
    await wait(20);
  }
}

const compared = (before: readonly TableState[], after: readonly TableState[]) =>
  before.map((state) => {
    const now = after.find(({ table }) => table === state.table);
    return { ...state, isSame: now?.rows === state.rows && now.digest === state.digest };
  });

/**
 * A planned failover: services are put out, every table is counted and hashed on the primary, which then stops; the standby
 * takes over when it has all of the log, is counted and hashed, too, and lets services in; the old primary comes back as
 * a new copy of it. When anything fails before the promotion, the old primary goes on.
 */
export async function failOverDatabase({
  folder,
  ports,
  stop,
  start,
}: FailoverActions): Promise<FailoverReport> {
  const from = primaryOf(folder);
  const to = peerOf(from);
  const [oldOwner, newOwner] = [ownerAddress(folder, ports[from]), ownerAddress(folder, ports[to])];
  await connected(newOwner, assertFollows);

  const began = performance.now();
  let isStopped = false;
  let replayed: string;
  let stand: Stand;
  try {
    stand = await connected(oldOwner, async (client) => {
      await block(client);
      return standOf(client);
    });
    await stop(from);
    isStopped = true;
    replayed = await connected(newOwner, (client) => promote(client, stand.written));
  } catch (error) {
    if (isStopped) await start(from);
    await connected(oldOwner, (client) => limitLogins(client, connectionLimit));
    throw error;
  }
  const tables = await connected(newOwner, async (client) => {
    const after = await fingerprint(client);
    await limitLogins(client, connectionLimit);
    return compared(stand.tables, after);
  });
  const blockedMs = Math.round(performance.now() - began);
  await start(from);
  return {
    ...{ from, to, written: stand.written, replayed, tables, blockedMs },
    lost: tables.filter(({ isSame }) => !isSame).length,
    totalMs: Math.round(performance.now() - began),
  };
}
