import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../database/port.ts';
import type { Log } from '../../../platform/log.ts';
import { openCheckpoint, signCheckpoint } from './checkpoint-note.ts';
import { leafOf } from './leaf.ts';
import { checkpointPath, type LedgerStore } from './ledger-store.ts';
import { rootOf, type TreeHead } from './merkle.ts';
import type { NoteSigner } from './signed-note.ts';
import { addTiles, firstUnfinished, hashesOf } from './tiles.ts';

export interface PublishDependencies {
  readonly database: Database;
  readonly store: LedgerStore;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  /** Tells whoever keeps checkpoints elsewhere; undefined where nobody is named. */
  readonly notify?: ((note: string) => Promise<void>) | undefined;
}

const role = 'storage_writer';
const actor = 'service:purge';

/** Leaves of one round: what is waiting after a long outage does not have to fit into memory. */
const maxLeaves = 50_000;

/** The newest checkpoint that is on record, or that of the empty tree. */
async function lastCheckpoint({ database, signer }: PublishDependencies) {
  const [last] = await database.query(role, 'ledger_checkpoints', { orderBy: [['size', 'desc']], limit: 1 });
  return last && { note: last.note, ...openCheckpoint(last.note, signer) };
}

async function leavesFrom(database: Database, from: number, to: number): Promise<Buffer[]> {
  const leaves: Buffer[] = [];
  const rows = database.stream(role, 'ledger', {
    where: [
      { column: 'leaf_index', operator: '>=', value: from },
      { column: 'leaf_index', operator: '<', value: to },
    ],
    orderBy: [['leaf_index', 'asc']],
  });
  for await (const batch of rows) leaves.push(...batch.map((row) => Buffer.from(leafOf(row))));
  return leaves;
}

async function grow(dependencies: PublishDependencies, old: number, size: number): Promise<string> {
  const { database, store, signer, clock } = dependencies;
  const leaves = await leavesFrom(database, firstUnfinished(old), size);
  await addTiles(store, { old, size, leaves });
  const head: TreeHead = { size, root: await rootOf(hashesOf(store, size), 0, size) };
  const note = signCheckpoint(head, signer);
  await store.add(checkpointPath(size), Buffer.from(note));
  await database.execute(role, 'record_checkpoint', { size, note, at: clock.now() }, { actor });
  return note;
}

/**
 * Gives waiting entries their place in the tree, writes its new tiles and a signed checkpoint to the store, and sends
 * that out. What stops in between is taken up by the next run, which makes the same files. Answers the tree's size.
 */
export function makePublishCheckpoint(dependencies: PublishDependencies) {
  const { database, notify } = dependencies;
  let sent: string | undefined;
  return async (log: Log): Promise<number> => {
    const [sequenced] = await database.execute(role, 'sequence_ledger', {}, { actor });
    const all = sequenced!.size;
    const last = await lastCheckpoint(dependencies);
    let [size, note] = [last?.size ?? 0, last?.note];
    while (size < all) {
      const next = Math.min(all, size + maxLeaves);
      note = await grow(dependencies, size, next);
      log.info('ledger.checkpoint', { size: next, added: next - size });
      size = next;
    }
    if (note !== undefined && note !== sent && notify !== undefined) {
      try {
        await notify(note);
        sent = note;
      } catch (error) {
        log.warn('ledger.checkpoint-not-sent', { size, reason: (error as Error).message });
      }
    }
    return size;
  };
}
