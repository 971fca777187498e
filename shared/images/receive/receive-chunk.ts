import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { ImageMessage } from './image-message.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { ChunkSet, StorageWriter } from '../store/ports.ts';
import type { AcceptImage } from './accept-image.ts';
import { inStage, StageFailure } from '../../stream/stage-failure.ts';

type ChunkMessage = Extract<ImageMessage, { form: 'chunk' }>;

export interface ReceiveChunkOptions {
  readonly storage: StorageWriter;
  readonly acceptImage: AcceptImage;
  readonly clock: Clock;
  readonly maxBytes: number;
}

/** One chunk of an image; the one that completes it takes the image on. Chunks may come in any order, and again. */
export type ReceiveChunk = (message: ChunkMessage, origin: Origin, record: IncomingRecord) => Promise<void>;

/** The type is not known before the whole image is read. */
const unknownType = 'application/octet-stream';

function checkSameSet(set: ChunkSet, { chunk }: ChunkMessage): void {
  if (set.count === chunk.count && set.sha256 === chunk.sha256) return;
  throw new DarkroomError(
    'chunks-inconsistent',
    'Chunks with this chunk-id came before with another count or sha256.',
  );
}

export function makeReceiveChunk({
  storage,
  acceptImage: admit,
  clock,
  maxBytes,
}: ReceiveChunkOptions): ReceiveChunk {
  /** All bytes are there: check them against the announced digest. What was damaged on its way may be sent again. */
  async function complete(origin: Origin, sha256: string): Promise<void> {
    try {
      await inStage('check', origin, () => admit.checkStored(origin, sha256));
    } catch (error) {
      if (error instanceof StageFailure && error.cause.code === 'digest-mismatch') {
        await storage.deleteRaw(origin.imageId);
        await storage.endChunkSet(origin.imageId);
      }
      throw error;
    }
    await storage.endChunkSet(origin.imageId);
  }

  /** The image is there already: a chunk that was redelivered, or the rest of what a killed process began. */
  async function again(origin: Origin, sha256: string): Promise<void> {
    const status = await storage.statusOf(origin.imageId);
    if (status === undefined || status === 'failed') return complete(origin, sha256);
    await admit.resume(origin);
    await storage.endChunkSet(origin.imageId);
  }

  async function join(set: ChunkSet, staged: readonly { index: number; bytes: number }[]): Promise<void> {
    const { origin, count, sha256 } = set;
    const sizes = new Map(staged.map(({ index, bytes }) => [index, bytes]));
    const size = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (size > maxBytes) {
      await storage.discardChunks(origin.imageId);
      const error = new DarkroomError(
        'too-large',
        `An image may have ${maxBytes} bytes; its chunks have more.`,
      );
      await admit.reject(origin, error, { bytes: size });
      await storage.endChunkSet(origin.imageId);
      return;
    }
    if (sizes.size < count) return;
    await storage.commitChunks(origin, unknownType, count);
    await complete(origin, sha256);
  }

  return (message, origin, record) =>
    inStage('chunks', undefined, async () => {
      const { imageId, chunk } = message;
      const stored = await storage.rawOrigin(imageId);
      if (stored !== undefined) return again(stored, chunk.sha256);
      const { hub, partition, offset, key } = record;
      const { count, sha256 } = chunk;
      const begun = {
        origin,
        count,
        sha256,
        startedAt: clock.now(),
        record: { hub, partition, offset, key },
      };
      const set = await storage.beginChunkSet(begun);
      checkSameSet(set, message);
      await storage.stageChunk(imageId, chunk.index, message.bytes);
      const staged = await storage.stagedChunks(imageId);
      // Another chunk of the set completed it at the same moment, and goes on with it.
      if (staged === undefined) return again(set.origin, sha256);
      return join(set, staged);
    });
}
