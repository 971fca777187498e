import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import { inStage } from '../../stream/stage-failure.ts';
import type { ChunkSet } from '../store/ports.ts';
import { makeCompleteChunks, type CompleteChunksOptions } from './complete-chunks.ts';
import type { ImageMessage } from './image-message.ts';

type ChunkMessage = Extract<ImageMessage, { form: 'chunk' }>;

export interface ReceiveChunkOptions extends CompleteChunksOptions {
  readonly clock: Clock;
}

/** One chunk of an image; the one that completes it takes the image on. Chunks may come in any order, and again. */
export type ReceiveChunk = (message: ChunkMessage, origin: Origin, record: IncomingRecord) => Promise<void>;

function checkSameSet(set: ChunkSet, { chunk }: ChunkMessage): void {
  if (set.count === chunk.count && set.sha256 === chunk.sha256) return;
  throw new DarkroomError(
    'chunks-inconsistent',
    'Chunks with this chunk-id came before with another count or sha256.',
  );
}

export function makeReceiveChunk(options: ReceiveChunkOptions): ReceiveChunk {
  const { storage, clock } = options;
  const complete = makeCompleteChunks(options);

  return (message, origin, { hub, partition, offset, key }) =>
    inStage('chunks', undefined, async () => {
      const { imageId, chunk } = message;
      const { count, sha256 } = chunk;
      const stored = await storage.rawOrigin(imageId);
      if (stored !== undefined) return complete.resume(stored, sha256);
      const record = { hub, partition, offset, key };
      const set = await storage.beginChunkSet({ origin, count, sha256, startedAt: clock.now(), record });
      checkSameSet(set, message);
      await storage.stageChunk(imageId, chunk.index, message.bytes);
      const staged = await storage.stagedChunks(imageId);
      // Another chunk of the set completed it at the same moment, and goes on with it.
      if (staged === undefined) return complete.resume(set.origin, sha256);
      return complete.join(set, staged);
    });
}
