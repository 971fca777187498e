import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../../platform/errors.ts';
import { createOnce, discardBlocks } from './blob-once.ts';
import { atStore, isMissing, storageFailure } from '../../platform/blobs/failures.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { StorageWriter, StoredRaw } from './ports.ts';
import { rawMetadata, readRawMetadata } from './raw-metadata.ts';
import { makeReplayableBody, maxReplayableBytes, type ReplayableBody } from './replayable-body.ts';
import { makeBlockWriter } from './block-writer.ts';

type RawStore = Pick<StorageWriter, 'storeRaw' | 'rawOrigin' | 'openRaw' | 'deleteRaw'>;

/** Azure wants every block id of a blob to have one length; the prefix keeps attempts apart. */
const blockId = (attempt: string, index: number): string =>
  Buffer.from(`${attempt}-${String(index).padStart(6, '0')}`).toString('base64');

/**
 * Writes one blob, once: a single request for what fits a block, else blocks that become the blob in one step. Blocks
 * carry the attempt in their ids, so two attempts at the same image never mix.
 */
class RawUpload {
  readonly #blob: BlockBlobClient;
  readonly #origin: Origin;
  readonly #contentType: string;
  readonly #attempt = randomBytes(4).toString('hex');
  readonly #blocks: string[] = [];
  #skipping = false;

  constructor(blob: BlockBlobClient, origin: Origin, contentType: string) {
    this.#blob = blob;
    this.#origin = origin;
    this.#contentType = contentType;
  }

  /** A block of a longer image. Where the image is stored already, nothing is staged: it would stay behind. */
  async stage(block: Uint8Array): Promise<void> {
    if (this.#blocks.length === 0)
      this.#skipping ||= await atStore('looking for the image', () => this.#blob.exists());
    if (this.#skipping) return;
    const id = blockId(this.#attempt, this.#blocks.length);
    this.#blocks.push(id);
    await atStore('storing the image', () => this.#blob.stageBlock(id, block, block.byteLength));
  }

  get staged(): boolean {
    return this.#blocks.length > 0;
  }

  /** Makes the blocks the blob, or `rest` where all of it fitted one. */
  async finish(rest: Uint8Array | undefined, sha256: string): Promise<'created' | 'exists'> {
    if (this.#skipping) return 'exists';
    const options = this.#options(sha256);
    return atStore('storing the image', () =>
      createOnce(() =>
        rest === undefined
          ? this.#blob.commitBlockList(this.#blocks, options)
          : this.#blob.upload(rest, rest.byteLength, options),
      ),
    );
  }

  /** In one request that runs while the bytes arrive. Their digest is not known yet when it begins. */
  async pass(body: ReplayableBody, length: number): Promise<'created' | 'exists'> {
    const stop = new AbortController();
    const options = { ...this.#options(), abortSignal: stop.signal };
    const all = body.whole();
    // A client that went away is no failure of the store, to be tried again.
    all.catch(() => stop.abort());
    try {
      return await atStore('storing the image', () =>
        createOnce(() => this.#blob.upload(() => body.open(), length, options)),
      );
    } catch (error) {
      if (stop.signal.aborted) await all;
      throw error;
    }
  }

  #options(sha256?: string) {
    return {
      conditions: { ifNoneMatch: '*' },
      metadata: rawMetadata(this.#origin, sha256),
      blobHTTPHeaders: { blobContentType: this.#contentType },
    };
  }
}

const tooLarge = (maxBytes: number): DarkroomError =>
  new DarkroomError('too-large', `An image may have ${maxBytes} bytes; this one has more.`, {
    details: { maxBytes },
  });

/** The name is taken, but by no image: what a process left that died while it discarded blocks goes now. */
async function contested(blob: BlockBlobClient): Promise<DarkroomError> {
  await atStore('clearing the place of the image', () => discardBlocks(blob));
  return new DarkroomError(
    'unavailable',
    'This image is being stored or discarded at this moment; send it again.',
  );
}

async function open(blob: BlockBlobClient): Promise<AsyncIterable<Uint8Array>> {
  try {
    const { readableStreamBody } = await blob.download(0, undefined, { maxRetryRequests: 3 });
    return readableStreamBody as Readable;
  } catch (error) {
    if (!isMissing(error)) throw storageFailure(error, 'reading the image');
    throw new DarkroomError('claim-check-missing', 'The bytes of the image are not in the store.', {
      cause: error,
    });
  }
}

/** A connection that breaks half way is an outage too. */
async function* guarded(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw storageFailure(error, 'reading the image');
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What came is not read again but to compare it: `digest` waits for the last byte. */
interface Put {
  readonly outcome: 'created' | 'exists';
  readonly size: number;
  readonly digest: () => Promise<string>;
}

interface RawBytes {
  readonly bytes: AsyncIterable<Uint8Array> | Uint8Array;
  readonly length: number | undefined;
  readonly maxBytes: number;
}

export function makeRawStore(container: ContainerClient): RawStore {
  const blobOf = (imageId: string): BlockBlobClient => container.getBlockBlobClient(imageId);

  /** By blocks as they fill; what fits one block goes in one request at the end. */
  async function pour(upload: RawUpload, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Put> {
    const hash = createHash('sha256');
    let size = 0;
    let only: Uint8Array | undefined = new Uint8Array();
    let ended = false;
    const writer = makeBlockWriter(async (block) => {
      if (ended && !upload.staged) only = block;
      else await upload.stage(block);
    });
    try {
      for await (const chunk of bytes) {
        size += chunk.byteLength;
        if (size > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        await writer.write(chunk);
      }
      ended = true;
      await writer.flush();
      const sha256 = hash.digest('hex');
      const outcome = await upload.finish(upload.staged ? undefined : only, sha256);
      return { outcome, size, digest: () => Promise.resolve(sha256) };
    } finally {
      await writer.close();
    }
  }

  /** What came in one piece goes in one request. */
  async function putWhole(upload: RawUpload, bytes: Uint8Array): Promise<Put> {
    const sha256 = digestOf(bytes);
    const outcome = await upload.finish(bytes, sha256);
    return { outcome, size: bytes.byteLength, digest: () => Promise.resolve(sha256) };
  }

  /** What is known to fit one request is passed on as it arrives. */
  async function pass(upload: RawUpload, bytes: AsyncIterable<Uint8Array>, length: number): Promise<Put> {
    const body = makeReplayableBody(bytes, length);
    const outcome = await upload.pass(body, length);
    if (outcome === 'created') body.release();
    return { outcome, size: length, digest: async () => digestOf(await body.whole()) };
  }

  function put(upload: RawUpload, { bytes, length, maxBytes }: RawBytes): Promise<Put> {
    if (bytes instanceof Uint8Array) return putWhole(upload, bytes);
    const isShort = length !== undefined && length <= maxReplayableBytes;
    return isShort ? pass(upload, bytes, length) : pour(upload, bytes, maxBytes);
  }

  async function digestOfStored(blob: BlockBlobClient): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of guarded(await open(blob))) hash.update(chunk);
    return hash.digest('hex');
  }

  async function rawOrigin(imageId: string) {
    try {
      const { metadata, contentType, contentLength } = await blobOf(imageId).getProperties();
      const known = readRawMetadata(metadata);
      if (known === undefined) return undefined;
      return {
        ...known,
        imageId,
        contentType: contentType ?? 'application/octet-stream',
        bytes: contentLength ?? 0,
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    async storeRaw(origin, contentType, bytes, { maxBytes, length }): Promise<StoredRaw> {
      const announced = bytes instanceof Uint8Array ? bytes.byteLength : length;
      if (announced !== undefined && announced > maxBytes) throw tooLarge(maxBytes);
      const blob = blobOf(origin.imageId);
      const upload = new RawUpload(blob, origin, contentType);
      try {
        const { outcome, size, digest } = await put(upload, { bytes, length, maxBytes });
        if (outcome === 'created') return { outcome, bytes: size, differs: false };
        const stored = await atStore('reading what is stored', () => rawOrigin(origin.imageId));
        if (stored === undefined) throw await contested(blob);
        const digests = await Promise.all([digest(), stored.sha256 ?? digestOfStored(blob)]);
        return { outcome, bytes: size, differs: digests[0] !== digests[1] };
      } catch (error) {
        if (upload.staged) await discardBlocks(blob).catch(() => undefined);
        throw error;
      }
    },
    rawOrigin: (imageId) => atStore('looking for the image', () => rawOrigin(imageId)),
    openRaw: async (imageId) => Readable.from(guarded(await open(blobOf(imageId))), { objectMode: false }),
    async deleteRaw(imageId) {
      await atStore('deleting the image', () => blobOf(imageId).deleteIfExists());
    },
  };
}
