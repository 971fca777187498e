import { randomBytes } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { metadataOf } from './file-metadata.ts';
import { guarded } from './guarded.ts';
import type { LakeFile, LakeWrite } from './port.ts';

/** A file up to this size is read, and written, in one request. Bytes. */
export const singleRequestBytes = 16 * 1024 * 1024;

const contentType = 'application/vnd.apache.parquet';

/**
 * One block blob a file. What is small goes in one Put Blob, so that a write that dies leaves nothing; the rest in
 * blocks that nobody sees before they are committed. Block ids carry a name of their writer, so that two writers of a
 * file cannot mix theirs.
 */
export class FileWrite implements LakeWrite {
  readonly #blob: BlockBlobClient;
  readonly #path: string;
  /** The tag of the file that is replaced. */
  readonly #replaces: string | undefined;
  readonly #writer = randomBytes(8).toString('hex');
  readonly #blocks: string[] = [];
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #bytes = 0;

  constructor(blob: BlockBlobClient, path: string, replaces: string | undefined) {
    this.#blob = blob;
    this.#path = path;
    this.#replaces = replaces;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    this.#bytes += chunk.length;
    if (this.#heldBytes >= singleRequestBytes) await this.#stage();
  }

  async commit(rows: number): Promise<LakeFile> {
    const options = {
      conditions: this.#replaces === undefined ? { ifNoneMatch: '*' } : { ifMatch: this.#replaces },
      metadata: metadataOf(rows),
      blobHTTPHeaders: { blobContentType: contentType },
    };
    if (this.#blocks.length > 0 && this.#heldBytes > 0) await this.#stage();
    const body = Buffer.concat(this.#held);
    const { etag } = await guarded(this.#path, 'writing to the lake', () =>
      this.#blocks.length > 0
        ? this.#blob.commitBlockList(this.#blocks, options)
        : this.#blob.upload(body, body.length, options),
    );
    return { path: this.#path, etag: etag!, bytes: this.#bytes, rows };
  }

  async #stage(): Promise<void> {
    const number = String(this.#blocks.length).padStart(6, '0');
    const id = Buffer.from(`${this.#writer}${number}`).toString('base64');
    const body = Buffer.concat(this.#held);
    [this.#held, this.#heldBytes] = [[], 0];
    await guarded(this.#path, 'writing to the lake', () => this.#blob.stageBlock(id, body, body.length));
    this.#blocks.push(id);
  }
}
