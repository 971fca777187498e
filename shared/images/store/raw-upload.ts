import { randomBytes } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { atStore } from '../../platform/blobs/failures.ts';
import type { Origin } from '../../platform/image-origin.ts';
import { createOnce } from './blob-once.ts';
import { rawMetadata } from './raw-metadata.ts';
import type { ReplayableBody } from './replayable-body.ts';

/** Azure wants every block id of a blob to have one length; the prefix keeps attempts apart. */
const blockId = (attempt: string, index: number): string =>
  Buffer.from(`${attempt}-${String(index).padStart(6, '0')}`).toString('base64');

/**
 * Writes one blob, once: a single request for what fits a block, else blocks that become the blob in one step. Blocks
 * carry the attempt in their ids, so two attempts at the same image never mix.
 */
export class RawUpload {
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
