import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { writeWhole } from '../../write-whole.ts';
import { giveToAccount } from './account.ts';
import { makePassword } from './data-directory.ts';
import type { Slot } from './slots.ts';

const replicationLogin = 'replication_login';

const passwordFile = (folder: string): string => join(folder, 'replication');

/** PostgreSQL reads this one itself. */
function keptPassword(folder: string): string {
  const file = passwordFile(folder);
  if (!existsSync(file)) {
    writeWhole(file, `127.0.0.1:*:replication:${replicationLogin}:${makePassword()}\n`);
    giveToAccount(file);
  }
  return readFileSync(file, 'utf8').trim().split(':').at(-1)!;
}

/** The login that may read the log and nothing else. */
export async function ensureReplication(owner: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [replicationLogin]);
    const verb = rowCount === 1 ? 'ALTER' : 'CREATE';
    const password = pg.escapeLiteral(keptPassword(folder));
    await client.query(
      `${verb} ROLE ${replicationLogin} LOGIN REPLICATION CONNECTION LIMIT 4 PASSWORD ${password}`,
    );
  } finally {
    await client.end();
  }
}

/** For either kind of server: the primary keeps some of the log, the standby asks its peer for it. */
export const replicationSettings = (folder: string, slot: Slot, peerPort: number) => ({
  primary_conninfo: `host=127.0.0.1 port=${peerPort} user=${replicationLogin} passfile='${passwordFile(folder)}' application_name=${slot}`,
  primary_slot_name: slot,
  max_slot_wal_keep_size: '512MB',
  // A read of the standby is not cut off because the primary cleans up.
  hot_standby_feedback: 'on',
  wal_receiver_status_interval: '1s',
  wal_retrieve_retry_interval: '500ms',
});

/** Whether the primary still has the log that this standby goes on with; undefined when nobody answers. */
export async function canFollow(owner: string, slot: Slot): Promise<boolean | undefined> {
  const client = new pg.Client({ connectionString: owner, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ status: string }>(
      'SELECT wal_status AS status FROM pg_replication_slots WHERE slot_name = $1',
      [slot],
    );
    return rows[0] !== undefined && rows[0].status !== 'lost';
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const beatMs = 1_000;

/**
 * A commit each second while the server is the primary: the standby tells by the last commit that it has how old its
 * figures are, also when nobody writes. Answers how to end it.
 */
export function startHeartbeat(owner: string): () => Promise<void> {
  const pool = new pg.Pool({ connectionString: owner, max: 1, idleTimeoutMillis: 0 });
  pool.on('error', () => undefined);
  const beat = `SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_logical_emit_message(true, 'heartbeat', '') END`;
  const timer = setInterval(
    () => void pool.query(`SET synchronous_commit = off; ${beat}`).catch(() => undefined),
    beatMs,
  );
  return async () => {
    clearInterval(timer);
    await pool.end();
  };
}
