import { createHash, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { EventHubProducerClient } from '@azure/event-hubs';
import { openImageProducer } from '../../../client/image-producer.ts';
import { recordsFor } from '../../../client/image-records.ts';
import { openDatabase } from '../../../shared/database/open.ts';
import { hubs } from '../../../shared/stream/hubs.ts';
import { imageReceivedEvent } from '../../../shared/images/store/image-received-event.ts';
import { processingEvent } from '../../../shared/images/process/processing-message.ts';
import type { OutgoingEvent } from '../../../shared/stream/record.ts';
import { createProcessing } from '../../../shared/images/process/pool.ts';
import { blobService } from '../../../shared/platform/blobs/blob-service.ts';
import { runEventHubs } from '../../support/event-hubs.ts';
import { startStores } from '../../support/stores.ts';
import { owner, times, type Picture } from './whole-stack.ts';

const week = 7 * 24 * 3_600_000;
const context = { actor: 'bench' };

/**
 * The irreducible work for an image, through the same SDKs and against local parts of its own, and nothing else: no
 * trigger, no batch, no checkpoint, no look at what is there already.
 */
export async function openBareLoop() {
  const workers = availableParallelism();
  const stores = await startStores();
  const eventHubs = await runEventHubs(stores.directory);
  const database = openDatabase({ DARKROOM_DATABASE: stores.database });
  const blobs = blobService(stores.storage);
  const processing = await createProcessing({
    ...{ maxPixels: 50_000_000, timeoutMs: 60_000, memoryMb: 512, workers },
  });
  const producers = {
    stream: new EventHubProducerClient(eventHubs.connectionString, hubs.stream),
    processing: new EventHubProducerClient(eventHubs.connectionString, hubs.processing),
  };
  const kafka = openImageProducer({
    broker: `127.0.0.1:${eventHubs.kafkaPort}`,
    connectionString: eventHubs.connectionString,
  });

  const put = (container: string, name: string, bytes: Uint8Array) =>
    blobs.getContainerClient(container).getBlockBlobClient(name).upload(bytes, bytes.byteLength);
  const send = (producer: EventHubProducerClient, { value }: OutgoingEvent) =>
    producer.sendBatch([{ body: Buffer.from(value) }]);

  /** Bytes, then the event: what makes an upload a promise. */
  async function receive({ bytes }: Picture): Promise<string> {
    const imageId = randomUUID();
    await put('raw', imageId, bytes);
    await announce(imageId);
    return imageId;
  }

  /** A block for each piece, the list of them, then the event. */
  async function receiveInPieces({ bytes }: Picture, pieces: number): Promise<void> {
    const imageId = randomUUID();
    const blob = blobs.getContainerClient('raw').getBlockBlobClient(imageId);
    const ids = Array.from({ length: pieces }, (_, index) =>
      Buffer.from(String(index).padStart(6, '0')).toString('base64'),
    );
    for (const id of ids) await blob.stageBlock(id, bytes, bytes.byteLength);
    await blob.commitBlockList(ids);
    await announce(imageId);
  }

  const announce = (imageId: string) =>
    send(producers.stream, imageReceivedEvent({ imageId, owner, correlationId: imageId, at: new Date() }));

  async function derive(imageId: string, { bytes, contentType }: Picture): Promise<void> {
    const at = new Date();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const identity = { image_id: imageId, owner, source: 'http', correlation_id: imageId };
    const time = { uploaded_at: at, delete_at: new Date(at.getTime() + week), at };
    const facts = { content_type: contentType, bytes: bytes.length, width: 1, height: 1, sha256 };
    await database.execute('storage_writer', 'save_image', { ...identity, ...time, ...facts }, context);
    await send(producers.processing, processingEvent({ imageId, correlationId: imageId }));
    // A copy that the worker may keep, as the pipeline reads one from the store.
    const own = Buffer.allocUnsafeSlow(bytes.length);
    bytes.copy(own);
    const done = await processing.process(own);
    const variants = await Promise.all(
      done.variants.map(async ({ bytes: derivative, ...variant }) => {
        const path = `${imageId}/${variant.name}`;
        await put('processed', path, derivative);
        const digest = createHash('sha256').update(derivative).digest('hex');
        return { ...variant, bytes: derivative.byteLength, path, sha256: digest };
      }),
    );
    const saved = { image_id: imageId, variants, facts: done.facts, at };
    await database.execute('storage_writer', 'save_variants', saved, context);
  }

  return {
    parts: { storage: stores.storage, eventHubs: eventHubs.connectionString },
    receive,
    receiveInPieces,
    derive,
    /** As many at once as keep the cores busy: one in each worker, one on its way to or from it. */
    async fromHttp(picture: Picture, count: number): Promise<void> {
      await times(count, workers * 2, async () => derive(await receive(picture), picture));
    },
    async fromKafka(picture: Picture, count: number): Promise<void> {
      await times(count, workers * 2, async () => {
        await kafka.send(recordsFor('binary', { owner, ...picture }).records);
        const imageId = randomUUID();
        await put('raw', imageId, picture.bytes);
        await derive(imageId, picture);
      });
    },
    async close() {
      await kafka.close();
      await Promise.all(Object.values(producers).map((producer) => producer.close()));
      await Promise.all([processing.close(), database.close()]);
      await eventHubs.component.stop();
      await stores.stop();
    },
  };
}

export type BareLoop = Awaited<ReturnType<typeof openBareLoop>>;
