import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { DarkroomError } from '../errors.ts';
import { createOnce, discardBlocks } from './blob-once.ts';
import { atStore, isMissing, storageFailure } from './failures.ts';
import type { Origin, StorageWriter, StoredRaw } from './ports.ts';
import { rawMetadata, readRawMetadata } from './raw-metadata.ts';
import { makeBlockWriter } from './uploads/block-writer.ts';

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

  async finish(rest: Uint8Array | undefined, sha256: string): Promise<'created' | 'exists'> {
    if (this.#skipping) return 'exists';
    const options = {
      conditions: { ifNoneMatch: '*' },
      metadata: rawMetadata(this.#origin, sha256),
      blobHTTPHeaders: { blobContentType: this.#contentType },
    };
    return createOnce(() =>
      rest === undefined
        ? this.#blob.commitBlockList(this.#blocks, options)
        : this.#blob.upload(rest, rest.byteLength, options),
    );
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

export function makeRawStore(container: ContainerClient): RawStore {
  const blobOf = (imageId: string): BlockBlobClient => container.getBlockBlobClient(imageId);

  /** Streams into the upload; answers the rest that was not staged when all fits one block. */
  async function pour(upload: RawUpload, bytes: AsyncIterable<Uint8Array>, maxBytes: number) {
    const hash = createHash('sha256');
    let size = 0;
    let ended = false;
    let only: Uint8Array | undefined;
    const writer = makeBlockWriter(async (block) => {
      if (ended && !upload.staged) only = block;
      else await upload.stage(block);
    });
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await writer.write(chunk);
    }
    ended = true;
    await writer.flush();
    return { only, size, sha256: hash.digest('hex') };
  }

  /** What came in one piece goes in one request, without a block of 8 MB to collect it in. */
  const whole = (bytes: Uint8Array) => ({
    only: bytes,
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });

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
    async storeRaw(origin, contentType, bytes, maxBytes): Promise<StoredRaw> {
      if (bytes instanceof Uint8Array && bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
      const blob = blobOf(origin.imageId);
      const upload = new RawUpload(blob, origin, contentType);
      try {
        const { only, size, sha256 } =
          bytes instanceof Uint8Array ? whole(bytes) : await pour(upload, bytes, maxBytes);
        const rest = upload.staged ? undefined : (only ?? new Uint8Array());
        const outcome = await atStore('storing the image', () => upload.finish(rest, sha256));
        if (outcome === 'created') return { outcome, bytes: size, sha256, differs: false };
        const stored = await atStore('reading what is stored', () => rawOrigin(origin.imageId));
        if (stored === undefined) throw await contested(blob);
        return {
          outcome,
          bytes: size,
          sha256,
          differs: stored.sha256 !== undefined && stored.sha256 !== sha256,
        };
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
