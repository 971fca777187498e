import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { ExpiredUploads } from '../receive/uploads/uploads.ts';
import type { Erase } from './erase.ts';

export interface ExpireUploadsDependencies {
  readonly uploads: ExpiredUploads;
  readonly erase: Erase;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Ends resumable uploads whose time is over. An abandoned one loses its blocks and gets an entry in the ledger; of one that became an
 * image or a partial upload that was joined, only the state is left to forget. Answers how many were abandoned.
 */
export function makeExpireUploads({ uploads, erase, clock, log }: ExpireUploadsDependencies) {
  return async (dryRun: boolean): Promise<number> => {
    const now = clock.now();
    let abandoned = 0;
    for await (const state of uploads.list(now)) {
      const became = state.status === 'finished' && state.concatenation?.kind !== 'partial';
      if (!became) abandoned += 1;
      if (dryRun) continue;
      if (!became) {
        await uploads.release(state);
        const target = {
          imageId: state.id,
          uploadedAt: new Date(state.createdAt),
          deleteAt: new Date(state.expiresAt),
        };
        const { failed } = await erase([target], 'sweep', 'service:purge');
        if (failed.size > 0) continue;
        log.info('upload.expired', {
          imageId: state.id,
          bytes: state.offset,
          correlationId: state.correlationId,
        });
      }
      await uploads.forget(state);
    }
    return abandoned;
  };
}
