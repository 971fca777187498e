import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import { StageFailure } from '../../stream/stage-failure.ts';
import type { ChunkSet, StorageWriter } from '../store/ports.ts';
import type { SendToDeadLetters } from '../../stream/send-to-dead-letters.ts';
import type { CompleteChunks } from './complete-chunks.ts';

export interface ExpireChunksOptions {
  readonly storage: StorageWriter;
  readonly completeChunks: CompleteChunks;
  readonly sendToDeadLetters: SendToDeadLetters;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the chunks of one image may take to arrive. */
  readonly lifetimeMs: number;
  /** Since when chunks are read, if there was a pause; `paused` while they wait in their hub, which is no fault of theirs. */
  readonly readingSince: () => Promise<Date | 'paused' | undefined>;
}

/** Chunks that arrive are counted by the process that receives them; a set this old may have changed hands. */
const quietMs = 60_000;

/**
 * Dead-letters images whose chunks did not all come in time. The blocks go first, and only if they never became an
 * image: a last chunk that comes at the same moment wins or loses as a whole. A set whose chunks are all there, counted
 * by two processes a part each, is joined. Answers how many expired.
 */
export function makeExpireChunks(options: ExpireChunksOptions) {
  const { storage, completeChunks, sendToDeadLetters, clock, log, lifetimeMs, readingSince } = options;

  function fail(set: ChunkSet, failure: StageFailure): Promise<void> {
    const { origin, record, count, sha256, startedAt } = set;
    const headers = { 'chunk-count': String(count), sha256 };
    const dead = { ...record, enqueuedAt: startedAt, value: new Uint8Array(), headers };
    const { stage, cause: error, marksImage } = failure;
    return sendToDeadLetters({ record: dead, stage, error, attempts: 1, origin, marksImage, once: true });
  }

  async function join(set: ChunkSet): Promise<boolean> {
    const { imageId } = set.origin;
    const staged = await storage.stagedChunks(imageId);
    const bytes = (staged ?? []).reduce((sum, chunk) => sum + chunk.bytes, 0);
    try {
      const stored = staged === undefined ? await storage.rawOrigin(imageId) : undefined;
      if (stored === undefined)
        return await completeChunks.join(set, { sizes: { size: staged?.length ?? 0 }, bytes });
      // Joined, and killed before the rest was done.
      await completeChunks.resume(stored, set.sha256);
      return true;
    } catch (thrown) {
      const failure =
        thrown instanceof StageFailure ? thrown : new StageFailure('chunks', set.origin, thrown);
      if (failure.cause.retryable) throw failure;
      await fail(set, failure);
      if (failure.cause.code === 'digest-mismatch') await storage.endChunkSet(imageId);
      return true;
    }
  }

  async function expire(set: ChunkSet): Promise<boolean> {
    const { origin, count } = set;
    const discarded = await storage.discardChunks(origin.imageId);
    const status = discarded === 'discarded' ? await storage.statusOf(origin.imageId) : undefined;
    // Only what nobody has an answer for yet; anything else is the trace of a redelivery.
    const isOpen = discarded === 'discarded' && (status === undefined || status === 'failed');
    if (isOpen) {
      const error = new DarkroomError(
        'chunks-incomplete',
        `Not all ${count} chunks of the image came in time.`,
      );
      await fail(set, new StageFailure('chunks', origin, error));
    }
    await storage.endChunkSet(origin.imageId);
    return isOpen;
  }

  return async (): Promise<number> => {
    // Asked when there is a set that it matters to: mostly there is none, and the database may sleep.
    let asked: ReturnType<typeof readingSince> | undefined;
    const now = clock.now().getTime();
    let expired = 0;
    const failures: unknown[] = [];
    for await (const set of storage.chunkSets()) {
      const age = now - set.startedAt.getTime();
      try {
        if (age <= quietMs) continue;
        const since = await (asked ??= readingSince());
        if (since === 'paused') return expired;
        if (await join(set)) continue;
        const waited = Math.min(age, now - (since?.getTime() ?? 0));
        if (waited > lifetimeMs && (await expire(set))) expired++;
      } catch (error) {
        failures.push(error);
      }
    }
    log.info('chunks.expired', { expired });
    // The next run takes them up; those behind them did not wait.
    if (failures.length > 0) throw failures[0] as Error;
    return expired;
  };
}
