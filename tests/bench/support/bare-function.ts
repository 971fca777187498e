/** The least that a function can do with an upload: read it, store it, send an event. What the host itself costs. */
import { randomUUID } from 'node:crypto';
import { app } from '@azure/functions';
import { EventHubProducerClient } from '@azure/event-hubs';
import { blobService } from '../../../shared/platform/blobs/blob-service.ts';
import { hubs } from '../../../shared/stream/hubs.ts';

const raw = blobService(process.env['BARE_STORAGE']!).getContainerClient('raw');
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
