import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../database/port.ts';
import type { Log } from '../../../platform/log.ts';
import { signCheckpoint } from './checkpoint-note.ts';
import { refuseWhenAhead } from './compare-store.ts';
import { leavesFrom } from './leaves.ts';
import { checkpointPath, type LedgerStore } from './ledger-store.ts';
import { rootOf, type TreeHead } from './merkle.ts';
import { newestCheckpoint } from './own-checkpoints.ts';
import { isBehind, rebuildFiles } from './rebuild-files.ts';
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

async function grow(dependencies: PublishDependencies, old: number, size: number): Promise<string> {
  const { database, store, signer, clock } = dependencies;
  const leaves = await leavesFrom(database, firstUnfinished(old), size);
  await addTiles(store, { old, size, leaves });
  const head: TreeHead = { size, root: await rootOf(hashesOf(store, size), 0, size) };
  const note = signCheckpoint(head, signer);
  await store.add(checkpointPath(size), Buffer.from(note));
  await database.execute(
    role,
    'record_checkpoint',
    { log: signer.name, size, note, at: clock.now() },
    { actor },
  );
  return note;
}

/**
 * Gives waiting entries their place in the tree, writes its new tiles and a signed checkpoint to the store, and sends
 * that out. What stops in between is taken up by the next run, which makes the same files. Answers the tree's size.
 */
export function makePublishCheckpoint(dependencies: PublishDependencies) {
  const { database, store, signer, notify } = dependencies;
  let sent: string | undefined;
  /** The size at which this process knows that the store has all files. */
  let whole: number | undefined;
  /** `onNotSent`: somebody has to be told, and was not. */
  return async (log: Log, onNotSent?: () => void): Promise<number> => {
    const last = await newestCheckpoint(database, signer);
    let [size, note] = [last?.size ?? 0, last?.note];
    await refuseWhenAhead({ database, store }, { size, atOnce: maxLeaves });
    if (last !== undefined && whole !== size && (await isBehind(dependencies, last))) {
      await rebuildFiles(dependencies, last, maxLeaves);
      log.warn('ledger.rebuilt', { size });
    }
    const [sequenced] = await database.execute(role, 'sequence_ledger', {}, { actor });
    const all = sequenced!.size;
    while (size < all) {
      const next = Math.min(all, size + maxLeaves);
      note = await grow(dependencies, size, next);
      log.info('ledger.checkpoint', { size: next, added: next - size });
      size = next;
    }
    whole = size;
    if (note !== undefined && note !== sent && notify !== undefined) {
      try {
        await notify(note);
        sent = note;
      } catch (error) {
        onNotSent?.();
        log.warn('ledger.checkpoint-not-sent', { size, reason: (error as Error).message });
      }
    }
    return size;
  };
}
