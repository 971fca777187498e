import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { ChunkSet, StorageWriter } from '../store/ports.ts';
import type { SendToDeadLetters } from '../../stream/send-to-dead-letters.ts';

export interface ExpireChunksOptions {
  readonly storage: StorageWriter;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the chunks of one image may take to arrive. */
  readonly maxAgeMs: number;
}

/**
 * Dead-letters images whose chunks did not all come in time. The blocks go first, and only if they never became an
 * image: a last chunk that comes at the same moment wins or loses as a whole. Answers how many there were.
 */
export function makeExpireChunks({ storage, sendToDeadLetters, clock, log, maxAgeMs }: ExpireChunksOptions) {
  async function expire(set: ChunkSet): Promise<boolean> {
    const { origin, record, count, sha256, startedAt } = set;
    const discarded = await storage.discardChunks(origin.imageId);
    const status = discarded === 'discarded' ? await storage.statusOf(origin.imageId) : undefined;
    // Only what nobody has an answer for yet; anything else is the trace of a redelivery.
    const isOpen = discarded === 'discarded' && (status === undefined || status === 'failed');
    if (isOpen) {
      const headers = { 'chunk-count': String(count), sha256 };
      const error = new DarkroomError(
        'chunks-incomplete',
        `Not all ${count} chunks of the image came in time.`,
      );
      const dead = { ...record, enqueuedAt: startedAt, value: new Uint8Array(), headers };
      await sendToDeadLetters({ record: dead, stage: 'chunks', error, attempts: 1, origin });
    }
    await storage.endChunkSet(origin.imageId);
    return isOpen;
  }

  return async (): Promise<number> => {
    const before = clock.now().getTime() - maxAgeMs;
    let expired = 0;
    for await (const set of storage.chunkSets()) {
      if (set.startedAt.getTime() < before && (await expire(set))) expired++;
    }
    log.info('chunks.expired', { expired });
    return expired;
  };
}
