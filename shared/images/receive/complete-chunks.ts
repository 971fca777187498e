import { DarkroomError } from '../../platform/errors.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { unknownMediaType } from '../../platform/media-types.ts';
import { inStage, StageFailure } from '../../stream/stage-failure.ts';
import type { ChunkSet, StorageWriter } from '../store/ports.ts';
import type { Acceptance, AcceptImage } from './accept-image.ts';
import { refuseErased } from './id-erased.ts';

export interface CompleteChunksOptions {
  readonly storage: StorageWriter;
  readonly acceptImage: AcceptImage;
  readonly maxBytes: number;
}

/** Of the chunks that are staged: how many different ones, and their bytes together. */
export interface StagedChunks {
  readonly sizes: { readonly size: number };
  readonly bytes: number;
}

export interface CompleteChunks {
  /** Joins the chunks of an image, once all are there. Answers whether the set is at its end. */
  join(set: ChunkSet, staged: StagedChunks): Promise<boolean>;
  /** For an image that is joined already: a chunk was redelivered, or a killed process left the rest undone. */
  resume(origin: Origin, sha256: string): Promise<void>;
}

export function makeCompleteChunks(options: CompleteChunksOptions): CompleteChunks {
  const { storage, acceptImage, maxBytes } = options;

  /**
   * Checks the bytes against the announced digest. What was damaged on its way may be sent again; its set is ended by who
   * sees to its dead letter, so that no trace goes before it.
   */
  async function accept(origin: Origin, sha256: string): Promise<void> {
    let acceptance: Acceptance;
    try {
      acceptance = await inStage('check', origin, () =>
        acceptImage.checkStored(origin, { announced: sha256 }),
      );
    } catch (error) {
      if (error instanceof StageFailure && error.cause.code === 'digest-mismatch') {
        await storage.deleteRaw(origin.imageId);
      }
      throw error;
    }
    await storage.endChunkSet(origin.imageId);
    refuseErased(acceptance);
  }

  async function rejectTooLarge(origin: Origin, bytes: number): Promise<void> {
    await storage.discardChunks(origin.imageId);
    const error = new DarkroomError(
      'too-large',
      `An image may have ${maxBytes} bytes; its chunks have more.`,
    );
    const acceptance = await acceptImage.reject(origin, error, { bytes });
    await storage.endChunkSet(origin.imageId);
    refuseErased(acceptance);
  }

  return {
    async join({ origin, count, sha256 }, { sizes, bytes }) {
      if (bytes > maxBytes) {
        await rejectTooLarge(origin, bytes);
        return true;
      }
      if (sizes.size < count) return false;
      // The type is not known before the whole image is read.
      await storage.commitChunks(origin, unknownMediaType, count);
      await accept(origin, sha256);
      return true;
    },
    async resume(origin, sha256) {
      const status = await storage.statusOf(origin.imageId);
      if (status === undefined || status === 'failed') return accept(origin, sha256);
      await acceptImage.resume(origin);
      await storage.endChunkSet(origin.imageId);
    },
  };
}
