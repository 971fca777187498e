import { randomBytes } from 'node:crypto';
import type { BlobServiceClient, BlockBlobClient, ModifiedAccessConditions } from '@azure/storage-blob';
import { containers } from '../../platform/blobs/containers.ts';
import {
  hasStatus,
  isMissing,
  isTaken,
  lostItsBlocks,
  storageFailure,
} from '../../platform/blobs/failures.ts';
import { LakeConflict, type LakeBytes, type LakeFile, type LakeStore, type LakeWrite } from './port.ts';

/** A file up to this size is read, and written, in one request. Bytes. */
const singleRequest = 16 * 1024 * 1024;

const contentType = 'application/vnd.apache.parquet';

async function guarded<T>(path: string, doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isTaken(error) || isMissing(error) || lostItsBlocks(error)) throw new LakeConflict(path, error);
    throw storageFailure(error, doing);
  }
}

const replacing = (etag: string | undefined): ModifiedAccessConditions =>
  etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag };

const metadataOf = (rows: number): Record<string, string> => ({ rows: String(rows) });

const rowsOf = (metadata: Record<string, string> | undefined): number => Number(metadata?.['rows'] ?? 0);

/**
 * One block blob a file. What is small goes in one Put Blob, so that a write that dies leaves nothing; the rest in
 * blocks that nobody sees before they are committed. Block ids carry a name of their writer, so that two writers of a
 * file cannot mix theirs.
 */
function startWrite(blob: BlockBlobClient, path: string, replaces: string | undefined): LakeWrite {
  const conditions = replacing(replaces);
  const writer = randomBytes(8).toString('hex');
  const blocks: string[] = [];
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let bytes = 0;

  async function stage(): Promise<void> {
    const id = Buffer.from(`${writer}${String(blocks.length).padStart(6, '0')}`).toString('base64');
    const body = Buffer.concat(held);
    [held, heldBytes] = [[], 0];
    await guarded(path, 'writing to the lake', () => blob.stageBlock(id, body, body.length));
    blocks.push(id);
  }

  return {
    async write(chunk) {
      held.push(chunk);
      heldBytes += chunk.length;
      bytes += chunk.length;
      if (heldBytes >= singleRequest) await stage();
    },
    async commit(rows) {
      const options = {
        conditions,
        metadata: metadataOf(rows),
        blobHTTPHeaders: { blobContentType: contentType },
      };
      if (blocks.length > 0 && heldBytes > 0) await stage();
      const body = Buffer.concat(held);
      const { etag } = await guarded(path, 'writing to the lake', () =>
        blocks.length > 0 ? blob.commitBlockList(blocks, options) : blob.upload(body, body.length, options),
      );
      return { path, etag: etag!, bytes, rows };
    },
  };
}

export function makeLakeStore(service: BlobServiceClient): LakeStore {
  const container = service.getContainerClient(containers.lake);

  async function readRange(path: string, etag: string, start: number, end: number): Promise<ArrayBuffer> {
    const bytes = await guarded(path, 'reading the lake', () =>
      container.getBlobClient(path).downloadToBuffer(start, end - start, { conditions: { ifMatch: etag } }),
    );
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  }

  return {
    async list(prefix) {
      const files: LakeFile[] = [];
      try {
        for await (const { name, properties, metadata } of container.listBlobsFlat({
          prefix,
          includeMetadata: true,
        })) {
          // In an account with hierarchical names folders are listed too; marks are no files of ours.
          if (!name.endsWith('.parquet')) continue;
          files.push({
            path: name,
            etag: properties.etag,
            bytes: properties.contentLength ?? 0,
            rows: rowsOf(metadata),
          });
        }
      } catch (error) {
        throw storageFailure(error, 'listing the lake');
      }
      return files;
    },
    async find(path) {
      try {
        const { etag, contentLength, metadata } = await container.getBlobClient(path).getProperties();
        return { path, etag: etag!, bytes: contentLength ?? 0, rows: rowsOf(metadata) };
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw storageFailure(error, 'reading the lake');
      }
    },
    async read({ path, etag, bytes }): Promise<LakeBytes> {
      if (bytes > singleRequest) {
        return { byteLength: bytes, slice: (start, end = bytes) => readRange(path, etag, start, end) };
      }
      const whole = await readRange(path, etag, 0, bytes);
      return { byteLength: bytes, slice: (start, end) => Promise.resolve(whole.slice(start, end)) };
    },
    replace: (path, replaces) => startWrite(container.getBlockBlobClient(path), path, replaces),
    async touch({ path, etag, rows }) {
      await guarded(path, 'writing to the lake', () =>
        container.getBlobClient(path).setMetadata(metadataOf(rows), { conditions: { ifMatch: etag } }),
      );
    },
    async remove({ path, etag }) {
      await guarded(path, 'writing to the lake', () =>
        container.getBlobClient(path).delete({ conditions: { ifMatch: etag } }),
      );
    },
    isMarked: (path) => guarded(path, 'reading the lake', () => container.getBlobClient(path).exists()),
    async mark(path) {
      await guarded(path, 'writing to the lake', () => container.getBlockBlobClient(path).upload('', 0));
    },
    async unmark(path) {
      await guarded(path, 'writing to the lake', () => container.getBlobClient(path).deleteIfExists());
    },
  };
}
