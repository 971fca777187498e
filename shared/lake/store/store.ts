import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { containers } from '../../platform/blobs/containers.ts';
import { atStore, isMissing } from '../../platform/blobs/failures.ts';
import { readBlobText } from '../../platform/blobs/read-blob.ts';
import { metadataOf, rowsOf } from './file-metadata.ts';
import { FileWrite, singleRequestBytes } from './file-write.ts';
import { guarded } from './guarded.ts';
import type { LakeBytes, LakeFile, LakeStore } from './port.ts';

async function list(container: ContainerClient, prefix: string): Promise<LakeFile[]> {
  const files: LakeFile[] = [];
  for await (const item of container.listBlobsFlat({ prefix, includeMetadata: true })) {
    const { name: path, properties, metadata } = item;
    // In an account with hierarchical names folders are listed too; marks are no files of ours.
    if (!path.endsWith('.parquet')) continue;
    const { etag, contentLength: bytes = 0 } = properties;
    files.push({ path, etag, bytes, rows: rowsOf(metadata) });
  }
  return files;
}

async function find(container: ContainerClient, path: string): Promise<LakeFile | undefined> {
  try {
    const { etag, contentLength, metadata } = await container.getBlobClient(path).getProperties();
    return { path, etag: etag!, bytes: contentLength ?? 0, rows: rowsOf(metadata) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function read(
  container: ContainerClient,
  { path, etag, bytes }: Pick<LakeFile, 'path' | 'etag' | 'bytes'>,
): Promise<LakeBytes> {
  const blob = container.getBlobClient(path);
  const range = async (start: number, end: number): Promise<ArrayBuffer> => {
    const read = await guarded(path, 'reading the lake', () =>
      blob.downloadToBuffer(start, end - start, { conditions: { ifMatch: etag } }),
    );
    return read.buffer.slice(read.byteOffset, read.byteOffset + read.byteLength) as ArrayBuffer;
  };
  if (bytes > singleRequestBytes)
    return { byteLength: bytes, slice: (start, end = bytes) => range(start, end) };
  const whole = await range(0, bytes);
  return { byteLength: bytes, slice: (start, end) => Promise.resolve(whole.slice(start, end)) };
}

export function makeLakeStore(service: BlobServiceClient): LakeStore {
  const container = service.getContainerClient(containers.lake);
  const blobOf = (path: string) => container.getBlockBlobClient(path);
  return {
    list: (prefix) => atStore('listing the lake', () => list(container, prefix)),
    find: (path) => atStore('reading the lake', () => find(container, path)),
    read: (file) => read(container, file),
    replace: (path, replaces) => new FileWrite(blobOf(path), path, replaces),
    async touch({ path, etag, rows }) {
      await guarded(path, 'writing to the lake', () =>
        blobOf(path).setMetadata(metadataOf(rows), { conditions: { ifMatch: etag } }),
      );
    },
    async remove({ path, etag }) {
      await guarded(path, 'writing to the lake', () =>
        blobOf(path).delete({ conditions: { ifMatch: etag } }),
      );
    },
    readNote: (path) => atStore('reading the lake', () => readBlobText(blobOf(path))),
    async writeNote(path, text) {
      await guarded(path, 'writing to the lake', () => blobOf(path).upload(text, Buffer.byteLength(text)));
    },
  };
}
