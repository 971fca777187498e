import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresFolder } from '../postgres/account.ts';
import { ownerAddress } from '../postgres/addresses.ts';
import { fingerprint, type TableState } from '../postgres/fingerprint.ts';
import { dataOf, peerOf, primaryOf, type Slot } from '../postgres/slots.ts';
import type { Stack } from '../stack.ts';
import { databasePorts } from '../supervisor/components.ts';
import { connected } from '../postgres/connected.ts';

/** The two servers of a stack's database, as their owner sees them. */
export function databasePair({ stateDir, ports }: Stack) {
  const folder = postgresFolder(stateDir);
  const primary = primaryOf(folder);
  const standby = peerOf(primary);
  const at = (slot: Slot) => ownerAddress(folder, databasePorts(ports)[slot]);
  return {
    primary,
    standby,
    tables: (): Promise<TableState[]> => connected(at(primary), fingerprint),
    standbyTables: (): Promise<TableState[]> => connected(at(standby), fingerprint),
    /** What is committed from now on never leaves the region. */
    cut: () =>
      connected(at(primary), async (client) => {
        await client.query('ALTER ROLE replication_login NOLOGIN');
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_replication');
      }),
    promote: () => connected(at(standby), (client) => client.query('SELECT pg_promote(true, 60)')),
    forget: () => rmSync(dataOf(folder, primary), { recursive: true, force: true }),
  };
}

const lastModified = /"lastModified":"([^"]+)"/g;

/** Blobs as they are `milliseconds` after the loss: a sweep looks at none that could be on its way still. */
export function age(folder: string, milliseconds: number): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith('__azurite_db_blob__'))) {
    const file = join(folder, name);
    const older = (time: string): string => new Date(Date.parse(time) - milliseconds).toISOString();
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replaceAll(lastModified, (_, time: string) => `"lastModified":"${older(time)}"`),
    );
  }
}

/** The name of the account leads to the pair from now on, and the alias to a namespace whose hubs are empty. */
export function moveStores(stateDir: string, pair: string, outageMs: number): void {
  age(pair, outageMs);
  rmSync(join(stateDir, 'azurite'), { recursive: true, force: true });
  renameSync(pair, join(stateDir, 'azurite'));
  rmSync(join(stateDir, 'event-hubs'), { recursive: true, force: true });
}
