import { chmodSync, copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { giveToAccount } from './account.ts';
import { connected } from './connected.ts';
import { makePrivateDirectory } from './data-directory.ts';
import type { Slot } from './slots.ts';

/** Directories whose contents belong to the running server alone. */
const emptied = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const leftOut =
  /^(postmaster\.(pid|opts)|backup_label.*|tablespace_map.*|standby\.signal|pg_internal\.init.*|pgsql_tmp.*)$/;
/** Says where recovery begins, so it is copied when everything else is. */
const last = 'pg_control';

function put(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  giveToAccount(file);
}

function copyFile(from: string, to: string): void {
  try {
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    giveToAccount(to);
  } catch (error) {
    // A table that was dropped meanwhile; replaying the log drops it, too.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function copyDirectory(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (leftOut.test(entry.name) || entry.name === last) continue;
    if (!entry.isDirectory()) copyFile(source, target);
    else {
      makePrivateDirectory(target);
      if (!emptied.includes(entry.name)) copyDirectory(source, target);
    }
  }
}

/** The log that a copy needs is kept for it from now on, though not without end. */
async function reserveLog(client: pg.Client, slot: Slot | 'backup'): Promise<void> {
  const named = 'FROM pg_replication_slots WHERE slot_name = $1';
  await client.query(`SELECT pg_terminate_backend(active_pid) ${named} AND active`, [slot]);
  await client.query(`SELECT pg_drop_replication_slot(slot_name) ${named}`, [slot]);
  await client.query('SELECT pg_create_physical_replication_slot($1, true)', [slot]);
}

/**
 * A base backup: what the running server has at `from`, as a data directory at `to`, which is consistent only together with the log
 * from the copy's start to its end.
 */
async function copyRunning(client: pg.Client, from: string, to: string): Promise<void> {
  makePrivateDirectory(to);
  await client.query("SELECT pg_backup_start('copy', true)");
  copyDirectory(from, to);
  copyFile(join(from, 'global', last), join(to, 'global', last));
  const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
  put(join(to, 'backup_label'), rows[0]!.labelfile);
}

/** What a running primary has, at `from`, as the data directory of a new standby, at `to`. `owner` signs in there. */
export async function copyPrimary(owner: string, slot: Slot, from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await connected(owner, async (client) => {
    await reserveLog(client, slot);
    await copyRunning(client, from, unfinished);
  });
  put(join(unfinished, 'standby.signal'), '');
  rmSync(to, { recursive: true, force: true });
  renameSync(unfinished, to);
}

/** A base backup to restore from; from now on the server keeps its log for it. */
export const backUp = (owner: string, from: string, to: string): Promise<void> =>
  connected(owner, async (client) => {
    await reserveLog(client, 'backup');
    await copyRunning(client, from, to);
  });

/** Makes the server that starts on a base backup replay the log to a named point, and end there as a primary. */
export function recoverTo(data: string, log: string, point: string): Readonly<Record<string, string>> {
  put(join(data, 'recovery.signal'), '');
  return {
    restore_command: `cp "${log}/%f" "%p"`,
    recovery_target_name: point,
    recovery_target_action: 'promote',
  };
}
