import type { Readable } from 'node:stream';
import { DarkroomError } from '../../platform/errors.ts';
import { variantBlob } from '../store/blob-layout.ts';
import type { ByteRange, StorageReader } from '../store/ports.ts';

/** Bytes that were asked of the store before it was known whether they may be read. */
export interface OpenAhead {
  /**
   * The bytes, if they are these; undefined otherwise, or where nothing lay. Throws what opening them threw. `path` is of a
   * variant, undefined for the original.
   */
  take(path: string | undefined, range: ByteRange | undefined): Promise<Readable | undefined>;
  /** Gives up what nobody took. */
  drop(): void;
}

/** What all but pictures with transparency are, in their first version. */
const usualType = 'image/jpeg';

const isSame = (one: ByteRange | undefined, other: ByteRange | undefined): boolean =>
  one?.start === other?.start && one?.end === other?.end;

/**
 * Begins to read a variant, or `raw`, from where it most likely lies, so that store and database are asked at the same time.
 * Nothing of it may leave before the database has said that the image is there and who may see it.
 */
export function openAhead(
  reader: Pick<StorageReader, 'openRaw' | 'openVariant'>,
  imageId: string,
  variant: string,
  range: ByteRange | undefined,
): OpenAhead {
  const guess =
    variant === 'raw' ? undefined : variantBlob(imageId, { name: variant, contentType: usualType });
  const opening = guess === undefined ? reader.openRaw(imageId, range) : reader.openVariant(guess, range);
  const opened = opening.then(
    // A failure before somebody reads is met by whoever reads.
    (bytes) => bytes.on('error', () => undefined),
    (error: unknown) => {
      if (error instanceof DarkroomError && error.code === 'not-found') return undefined;
      throw error;
    },
  );
  opened.catch(() => undefined);
  let isTaken = false;
  return {
    async take(path, wanted) {
      if (path !== guess || !isSame(range, wanted)) return undefined;
      isTaken = true;
      return opened;
    },
    drop() {
      if (isTaken) return;
      opened.then(
        (bytes) => bytes?.destroy(),
        () => undefined,
      );
    },
  };
}
