/**
 * PostgreSQL with Darkroom's database: `main.ts --state DIR [--port N] [--slot one|two --peer-port N] [--sample-orders]
 * [--temporary] [--unsynced]`. The primary makes what is missing, migrates, gives each role its login, and puts a small set of orders
 * into an empty order desk if asked to; the standby copies the primary first. Prints one line
 * {"event":"listening","port","kind","migrations"} and stops on SIGTERM. `--temporary` removes the state at the end;
 * `--unsynced` (tests) never waits for the disk.
 */
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrateEmbedded } from '../../../shared/database/migrations/embedded.ts';
import { runAsComponent } from '../component.ts';
import { seedSampleOrders } from '../seed.ts';
import { freePort } from '../supervisor/ports.ts';
import { dropPostgresFolder, postgresFolder } from './account.ts';
import { ownerAddress, ownerPassword } from './addresses.ts';
import { copyPrimary } from './copy.ts';
import { initialise } from './data-directory.ts';
import { ensureDatabase, ensureLogins } from './logins.ts';
import { canFollow, ensureReplication, replicationSettings, startHeartbeat } from './replication.ts';
import { startServer } from './server.ts';
import { dataOf, peerOf, taskOf, type Slot } from './slots.ts';

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    slot: { type: 'string', default: 'one' },
    port: { type: 'string' },
    'peer-port': { type: 'string' },
    'sample-orders': { type: 'boolean', default: false },
    temporary: { type: 'boolean', default: false },
    unsynced: { type: 'boolean', default: false },
  },
});
const { state } = values;
if (state === undefined) throw new Error('Say where the state lives: --state DIR');

const folder = postgresFolder(state);
const slot = values.slot as Slot;
const peerPort = values['peer-port'] === undefined ? undefined : Number(values['peer-port']);
const data = dataOf(folder, slot);
const unsynced = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
/** How long a standby waits for its primary before it serves what it has. */
const primaryBudgetMs = 15_000;

async function copyWhenReady(): Promise<void> {
  if (peerPort === undefined) throw new Error('A standby needs to know its peer: --peer-port N');
  const owner = () => ownerAddress(folder, peerPort, 'postgres');
  while ((await canFollow(owner(), slot)) === undefined) await wait(100);
  await copyPrimary(owner(), slot, dataOf(folder, peerOf(slot)), data);
}

/** A standby that was away for too long starts from a new copy. */
async function followOrCopy(): Promise<void> {
  if (peerPort === undefined) return;
  const deadline = performance.now() + primaryBudgetMs;
  while (performance.now() < deadline) {
    const can = await canFollow(ownerAddress(folder, peerPort, 'postgres'), slot);
    if (can === false) await copyWhenReady();
    if (can !== undefined) return;
    await wait(100);
  }
}

async function prepare(): Promise<boolean> {
  const task = taskOf(folder, slot);
  if (task === 'initialise') await initialise(data, ownerPassword(folder));
  if (task === 'copy') await copyWhenReady();
  if (task === 'standby') await followOrCopy();
  return task === 'initialise' || task === 'primary';
}

async function equip(port: number): Promise<number> {
  await ensureReplication(ownerAddress(folder, port, 'postgres'), folder);
  await ensureDatabase(ownerAddress(folder, port, 'postgres'));
  const address = ownerAddress(folder, port);
  const applied = await migrateEmbedded(address);
  await ensureLogins(address, folder);
  if (values['sample-orders']) await seedSampleOrders(address);
  return applied.length;
}

await runAsComponent(async () => {
  const port = values.port === undefined ? await freePort() : Number(values.port);
  ownerPassword(folder);
  const isPrimary = await prepare();
  const server = await startServer({
    data,
    port,
    settings: {
      ...(values.unsynced ? unsynced : {}),
      ...(peerPort === undefined ? {} : replicationSettings(folder, slot, peerPort)),
    },
    onLine: (line) => console.error(line),
  });
  // The supervisor starts it again.
  void server.failed.then(() => process.exit(1));
  const migrations = isPrimary ? await equip(port) : 0;
  const stopHeartbeat = startHeartbeat(ownerAddress(folder, port, 'postgres'));
  return {
    announce: { port, kind: isPrimary ? 'primary' : 'standby', migrations },
    async close() {
      await stopHeartbeat();
      await server.stop();
      if (!values.temporary) return;
      dropPostgresFolder(state);
      rmSync(state, { recursive: true, force: true });
    },
  };
});
