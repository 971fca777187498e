import type { Readable } from 'node:stream';
import type { ImageSource, Origin } from '../../platform/image-origin.ts';
import type { ImageStatus } from '../../database/catalog/imaging.ts';
import type { Failure } from '../../platform/errors.ts';

/** What checking the stored bytes established. `sha256` in hex. */
export interface RawFacts {
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/**
 * `erased`: the ledger holds this id, so nothing was or may be stored. `reused`: the id is of an image with other bytes or
 * of another owner, which stays as it is.
 */
export type Outcome = 'created' | 'exists' | 'erased' | 'reused';

/** What was learnt of bytes before they were refused. */
export interface Seen {
  contentType?: string;
  bytes?: number;
  sha256?: string;
}

export interface Variant {
  readonly name: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
  readonly processor: string;
  readonly processorVersion: string;
}

export interface Fact {
  readonly name: string;
  readonly value: unknown;
  readonly processor: string;
  readonly processorVersion: string;
}

/** Whose the stored bytes are, how many, and their digest where that was known when they were stored. */
export type RawOrigin = Origin & {
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256?: string;
};

/** Stored bytes on their way, which one request asked for together with whose they are. */
export interface OpenedRaw {
  readonly origin: RawOrigin;
  /** To be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Ends the request, wherever the reading is. */
  readonly close: () => void;
}

/** `bytes` is of what came; `differs` when other bytes are stored under this id already. */
export interface StoredRaw {
  readonly outcome: 'created' | 'exists';
  readonly bytes: number;
  readonly differs: boolean;
}

/** A chunked image on its way. `record` is where its first chunk came from, for the dead letter of an incomplete set. */
export interface ChunkSet {
  readonly origin: Origin;
  readonly count: number;
  /** Of the whole image, hex. */
  readonly sha256: string;
  readonly startedAt: Date;
  readonly record: {
    readonly hub: string;
    readonly partition: string;
    readonly offset: string;
    readonly key: string | undefined;
  };
}

/**
 * The only code that writes image bytes and image rows, under its own storage identity and the database role
 * `storage_writer`. Every method is idempotent by image id.
 */
export interface StorageWriter {
  /**
   * Streams bytes to `raw/{imageId}` unless they are there; throws `too-large` past `maxBytes` and leaves nothing. With
   * the `length` of a stream given, what is short goes to the store while it still arrives.
   */
  storeRaw(
    origin: Origin,
    contentType: string,
    bytes: AsyncIterable<Uint8Array> | Uint8Array,
    limits: { readonly maxBytes: number; readonly length?: number | undefined },
  ): Promise<StoredRaw>;
  /** One block of a chunked image; any order, any number of times. */
  stageChunk(imageId: string, index: number, bytes: Uint8Array): Promise<void>;
  /** Which chunks are staged, with their sizes, and since when; undefined when the blob is committed or unknown. */
  stagedChunks(imageId: string): Promise<readonly { index: number; bytes: number }[] | undefined>;
  commitChunks(origin: Origin, contentType: string, count: number): Promise<'created' | 'exists'>;
  /** Notes that chunks of an image are arriving; answers what was noted first. */
  beginChunkSet(set: ChunkSet): Promise<ChunkSet>;
  findChunkSet(imageId: string): Promise<ChunkSet | undefined>;
  /** Every image whose chunks are arriving, or were when a process died. */
  chunkSets(): AsyncIterable<ChunkSet>;
  endChunkSet(imageId: string): Promise<void>;
  /** Forgets staged blocks; a committed blob stays as it is. */
  discardChunks(imageId: string): Promise<'discarded' | 'committed'>;
  /** What the database knows of the image; undefined when nothing. */
  statusOf(imageId: string): Promise<ImageStatus | 'erased' | undefined>;
  /** Of the image's bytes, hex, as far as the database knows it. */
  digestOf(imageId: string): Promise<string | undefined>;
  rawOrigin(imageId: string): Promise<RawOrigin | undefined>;
  openRaw(imageId: string): Promise<Readable>;
  /** Both in one request, for whoever reads the bytes next; undefined as `rawOrigin` is. Close it in any case. */
  openWithOrigin(imageId: string): Promise<OpenedRaw | undefined>;
  deleteRaw(imageId: string): Promise<void>;
  recordStored(origin: Origin, facts: RawFacts): Promise<Outcome>;
  /** Deletes the raw bytes and records why. */
  recordRejected(origin: Origin, failure: Failure, seen: Seen): Promise<Outcome>;
  recordFailed(origin: Origin, failure: Failure): Promise<Outcome>;
  /** Stores derivative bytes, then their rows, then removes derivatives that nothing refers to any more. */
  saveVariants(
    imageId: string,
    variants: readonly Variant[],
    facts: readonly Fact[],
  ): Promise<'saved' | 'missing' | 'erased'>;
  /** The record of a dead letter, under the image's id; answers its claim check (a blob name in `dead-letters`). */
  storeDeadLetterPayload(imageId: string | undefined, bytes: Uint8Array, expiresAt: Date): Promise<string>;
  deleteDeadLetterPayload(claimCheck: string): Promise<void>;
  /** Whether store and database take what is written at this moment. */
  canWrite(): Promise<boolean>;
}

export interface ImageRecord {
  readonly imageId: string;
  readonly owner: string;
  readonly source: ImageSource;
  readonly status: ImageStatus;
  readonly contentType: string | null;
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly sha256: string | null;
  readonly correlationId: string;
  /** What its sender called the file. */
  readonly fileName: string | null;
  readonly uploadedAt: Date;
  readonly deleteAt: Date;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface StoredVariant {
  readonly name: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly path: string;
  readonly processor: string;
  readonly processorVersion: string;
}

/** An image as a list shows it: the facts let a page draw something before the pictures are there. */
export interface ImageSummary extends ImageRecord {
  readonly variants: readonly StoredVariant[];
  readonly facts: readonly { name: string; value: unknown }[];
}

export interface ImageDetail extends ImageSummary {
  readonly timeline: readonly { at: Date; event: string; detail: string | null }[];
}

/** An image, and the variant of it that was asked for where it has that. */
export interface LocatedVariant {
  readonly image: ImageRecord;
  readonly variant: StoredVariant | undefined;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** The only code that reads image bytes and image rows for clients, under the reader identity and `storage_reader`. */
export interface StorageReader {
  /** Until its row exists, `received` from the metadata of the stored bytes; undefined when there is neither. */
  find(imageId: string): Promise<ImageDetail | undefined>;
  /** Several of them at once, in the order of the ids; one that nobody knows is left out. */
  findAll(imageIds: readonly string[]): Promise<readonly ImageSummary[]>;
  /** What serving bytes needs: the image and the one variant (undefined for `raw`), without the rest. */
  locate(imageId: string, variant: string): Promise<LocatedVariant | undefined>;
  /** Newest first; `cursor` is what the page before answered as `next`. */
  list(query: {
    owner?: string;
    status?: ImageStatus;
    /** Only those that are erased within this time. */
    dueWithinHours?: number;
    limit: number;
    cursor?: string;
  }): Promise<{
    images: readonly ImageSummary[];
    next: string | null;
  }>;
  /** Bytes of `raw` or a variant; the blob's size is in the record. */
  openRaw(imageId: string, range?: ByteRange): Promise<Readable>;
  openVariant(path: string, range?: ByteRange): Promise<Readable>;
}
