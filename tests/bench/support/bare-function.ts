/**
 * The least that a function can do. With an upload: read it, store it, send an event. With a read: ask the store for the blob,
 * pass its bytes on. What the host itself costs.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { app } from '@azure/functions';
import { EventHubProducerClient } from '@azure/event-hubs';
import { hasStatus } from '../../../shared/platform/blobs/failures.ts';
import { blobService } from '../../../shared/platform/blobs/blob-service.ts';
import { hubs } from '../../../shared/stream/hubs.ts';

const blobs = blobService(process.env['BARE_STORAGE']!);
const raw = blobs.getContainerClient('raw');
const stream = new EventHubProducerClient(process.env['BARE_EVENT_HUBS']!, hubs.stream);

app.setup({ enableHttpStream: true });

app.http('bareUpload', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'bare',
  handler: async (request) => {
    const imageId = randomUUID();
    const bytes = Buffer.from(await request.arrayBuffer());
    await raw.getBlockBlobClient(imageId).upload(bytes, bytes.byteLength);
    await stream.sendBatch([{ body: Buffer.from(imageId) }]);
    return { status: 202, jsonBody: { images: [{ id: imageId }] } };
  },
});

/** Offset and count of `bytes=FIRST-LAST`. */
const rangeOf = (header: string | null): { offset?: number; count?: number } => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? [];
  return first === undefined ? {} : { offset: Number(first), count: Number(last) - Number(first) + 1 };
};

app.http('bareRead', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'bare/{container}/{*blob}',
  handler: async ({ params, headers }) => {
    const ifNoneMatch = headers.get('if-none-match');
    const blob = blobs.getContainerClient(params['container']!).getBlobClient(params['blob']!);
    const { offset, count } = rangeOf(headers.get('range'));
    const conditions = ifNoneMatch === null ? {} : { conditions: { ifNoneMatch } };
    try {
      const answer = await blob.download(offset, count, conditions);
      const { contentType, contentLength, etag } = answer;
      return {
        status: count === undefined ? 200 : 206,
        headers: { 'content-type': contentType!, 'content-length': String(contentLength), etag: etag! },
        body: answer.readableStreamBody as Readable,
      };
    } catch (error) {
      if (hasStatus(error, 304)) return { status: 304 };
      throw error;
    }
  },
});
