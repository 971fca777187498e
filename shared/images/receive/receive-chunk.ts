import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import { StageFailure } from '../../stream/stage-failure.ts';
import type { ChunkSet, StorageWriter } from '../store/ports.ts';
import type { CompleteChunks } from './complete-chunks.ts';
import { refuseErased } from './id-erased.ts';
import { idReused } from './id-reused.ts';
import type { ImageMessage } from './image-message.ts';
import { makeOpenChunkSets, type OpenChunkSet } from './open-chunk-sets.ts';

type ChunkMessage = Extract<ImageMessage, { form: 'chunk' }>;

export interface ReceiveChunkOptions {
  readonly storage: StorageWriter;
  readonly completeChunks: CompleteChunks;
  readonly clock: Clock;
  /** How long the chunks of one image may take to arrive. */
  readonly lifetimeMs: number;
}

/** One chunk of an image; the one that completes it takes the image on. Chunks may come in any order, and again. */
export type ReceiveChunk = (message: ChunkMessage, origin: Origin, record: IncomingRecord) => Promise<void>;

/** A producer's mistake: the digest is that of the chunk, and not that of the image. */
const hasOwnDigest = ({ chunk, bytes }: ChunkMessage): boolean =>
  createHash('sha256').update(bytes).digest('hex') === chunk.sha256;

function checkSameSet(set: ChunkSet, message: ChunkMessage): void {
  const { chunk } = message;
  if (set.count === chunk.count && set.sha256 === chunk.sha256) return;
  if (set.sha256 !== chunk.sha256 && !hasOwnDigest(message)) throw idReused(set.sha256, chunk.sha256);
  throw new DarkroomError(
    'chunks-inconsistent',
    `Chunks with this chunk-id came before with the count ${set.count} and the sha256 ${set.sha256}, this one with ${chunk.count} and ${chunk.sha256}. Both are of the whole image, the same in each of its chunks; another image takes another chunk-id.`,
  );
}

/** Errors of a chunk that leave the set of its id as it is. */
const sparesSet = (thrown: unknown): boolean =>
  thrown instanceof DarkroomError && ['chunks-inconsistent', 'id-reused'].includes(thrown.code);

/** What fails a chunk fails its set, which gets one dead letter. */
function ofSet(thrown: unknown, origin: Origin): StageFailure {
  const failure = thrown instanceof StageFailure ? thrown : new StageFailure('chunks', origin, thrown);
  const { stage, cause, marksImage } = failure;
  return new StageFailure(stage, failure.origin ?? origin, cause, { marksImage, once: true });
}

export function makeReceiveChunk(options: ReceiveChunkOptions): ReceiveChunk {
  const { storage, completeChunks, clock, lifetimeMs } = options;
  const sets = makeOpenChunkSets(storage, clock, lifetimeMs);

  /** The image is joined: the chunk is one of its own, come again, or of another image under the same id. */
  async function resume({ imageId, chunk }: ChunkMessage): Promise<void> {
    const first =
      (await storage.digestOf(imageId)) ?? (await storage.findChunkSet(imageId))?.sha256 ?? chunk.sha256;
    if (first !== chunk.sha256) throw idReused(first, chunk.sha256);
    const stored = await storage.rawOrigin(imageId);
    if (stored !== undefined) await completeChunks.resume(stored, chunk.sha256);
  }

  async function stage(open: OpenChunkSet, { imageId, chunk, bytes }: ChunkMessage): Promise<void> {
    await storage.stageChunk(imageId, chunk.index, bytes);
    // Other chunks of the set are staged at the same time: from here on nothing waits.
    open.bytes += bytes.byteLength - (open.sizes.get(chunk.index) ?? 0);
    open.sizes.set(chunk.index, bytes.byteLength);
  }

  async function receive(message: ChunkMessage, origin: Origin, record: ChunkSet['record']): Promise<void> {
    const { imageId, chunk } = message;
    const { count, sha256 } = chunk;
    const open = await sets.open({ origin, count, sha256, startedAt: clock.now(), record });
    if (open === undefined) return resume(message);
    checkSameSet(open.set, message);
    if (open.sizes.size === 0 && (await storage.statusOf(imageId)) === 'erased') {
      await storage.endChunkSet(imageId);
      refuseErased('erased');
    }
    await stage(open, message);
    const isOver = await completeChunks.join(open.set, open);
    if (isOver) sets.forget(imageId);
  }

  return async (message, origin, { hub, partition, offset, key }) => {
    try {
      await receive(message, origin, { hub, partition, offset, key });
    } catch (thrown) {
      if (!sparesSet(thrown)) sets.forget(message.imageId);
      // The record itself comes again until its dead letter is sent.
      if (thrown instanceof StageFailure && thrown.cause.code === 'digest-mismatch')
        await storage.endChunkSet(message.imageId);
      throw ofSet(thrown, origin);
    }
  };
}
