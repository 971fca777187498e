import { chmodSync, copyFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { giveToAccount } from './account.ts';
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

/** The log that the standby needs is kept for it from now on, though not without end. */
async function reserveLog(client: pg.Client, slot: Slot): Promise<void> {
  const named = 'FROM pg_replication_slots WHERE slot_name = $1';
  await client.query(`SELECT pg_terminate_backend(active_pid) ${named} AND active`, [slot]);
  await client.query(`SELECT pg_drop_replication_slot(slot_name) ${named}`, [slot]);
  await client.query('SELECT pg_create_physical_replication_slot($1, true)', [slot]);
}

/** What a running primary has, at `from`, as the data directory of a new standby, at `to`. `owner` signs in there. */
export async function copyPrimary(owner: string, slot: Slot, from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateDirectory(unfinished);
  // The copy is consistent only together with the log from its start to its end.
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    await reserveLog(client, slot);
    await client.query("SELECT pg_backup_start('standby', true)");
    copyDirectory(from, unfinished);
    copyFile(join(from, 'global', last), join(unfinished, 'global', last));
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    put(join(unfinished, 'backup_label'), rows[0]!.labelfile);
    put(join(unfinished, 'standby.signal'), '');
  } finally {
    await client.end();
  }
  rmSync(to, { recursive: true, force: true });
  renameSync(unfinished, to);
}
