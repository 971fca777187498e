import { DarkroomError } from '../../platform/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../database/port.ts';
import { imageDigest } from '../../platform/image-id.ts';
import type { Log } from '../../platform/log.ts';
import type { ErasureTarget } from './erasure-target.ts';
import type { Erase } from './erase.ts';
import { erasedAmong } from './erased-among.ts';

export interface ReplayLedgerDependencies {
  readonly database: Database;
  readonly erase: Erase;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ReplayLedgerOptions {
  readonly dryRun?: boolean;
  /** Digests from a ledger that was exported after the backup was made, which the restored database does not know. */
  readonly digests?: ReadonlySet<string>;
  /** Whose epoch an earlier part of these digests has begun. */
  readonly isSameRestore?: boolean;
}

/**
 * After a restore: erases once more every image that has come back although the ledger, or the export given, says it
 * was erased, and begins an epoch, so that exports write the lake anew. (Bytes that came back without a row are the sweep's to find.) Answers how many had come back;
 * `unavailable` when some could not be erased.
 */
export function makeReplayLedger({ database, erase, clock, log }: ReplayLedgerDependencies) {
  const beginEpoch = () =>
    database.execute('storage_writer', 'begin_epoch', { at: clock.now() }, { actor: 'service:purge' });

  return async ({
    dryRun = false,
    digests = new Set(),
    isSameRestore = false,
  }: ReplayLedgerOptions = {}): Promise<number> => {
    const back: ErasureTarget[] = [];
    for await (const rows of database.stream('storage_writer', 'images')) {
      const erased = await erasedAmong(
        database,
        rows.map((row) => row.image_id),
      );
      for (const row of rows) {
        if (!erased.has(row.image_id) && !digests.has(imageDigest(row.image_id))) continue;
        back.push({ imageId: row.image_id, uploadedAt: row.uploaded_at, deleteAt: row.delete_at });
      }
    }
    if (!dryRun) {
      if (!isSameRestore) await beginEpoch();
      const { failed } = await erase(back, 'sweep', 'service:purge');
      for (const [imageId, error] of failed) log.error('replay-ledger.failed', error, { imageId });
      if (failed.size > 0)
        throw new DarkroomError(
          'unavailable',
          `${failed.size} of ${back.length} images that had come back could not be erased; ask again.`,
        );
    }
    log.info('replay-ledger.done', { dryRun, images: back.length });
    return back.length;
  };
}
