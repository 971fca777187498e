import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { readDeadLetter } from '../../../../../shared/stream/dead-letter.ts';
import { parseImageMessage } from '../../../../../shared/images/receive/image-message.ts';
import { processingEvent } from '../../../../../shared/images/process/processing-message.ts';
import type { IncomingRecord } from '../../../../../shared/stream/record.ts';
import { checkImage } from '../../../../../shared/images/receive/check-image.ts';
import type { Origin } from '../../../../../shared/platform/image-origin.ts';
import { enterErasure } from '../../../../support/erased-entry.ts';
import { jpegPhoto } from '../../../../support/photos.ts';
import { maxBytes, maxPixels, startPipeline, type TestPipeline } from '../../../../support/pipeline.ts';

let pipeline: TestPipeline;
let image: Buffer;
let offset = 0;

beforeAll(async () => {
  pipeline = await startPipeline();
  image = await jpegPhoto(900, 600);
}, 180_000);
afterAll(() => pipeline.stop());

const record = (value: Uint8Array): IncomingRecord => ({
  ...{ hub: hubs.processing, partition: '0', offset: String((offset += 1)), enqueuedAt: new Date() },
  ...{ key: undefined, headers: {}, value },
});
const work = ({ imageId, correlationId }: Origin) =>
  record(processingEvent({ imageId, correlationId }).value);

/** An image as the stream service leaves it. */
async function stored(bytes: Buffer = image, facts?: { sha256: string }): Promise<Origin> {
  const origin = { imageId: randomUUID(), owner: 'ann', source: 'http' as const, correlationId: 'c-1' };
  const from = { ...origin, uploadedAt: new Date() };
  await pipeline.storage.storeRaw(from, 'image/jpeg', bytes, { maxBytes });
  await pipeline.storage.recordStored(from, { ...(await checkImage([image], maxPixels)), ...facts });
  return from;
}
const variantsOf = ({ imageId }: Origin) =>
  pipeline.database.query('storage_writer', 'image_variants', {
    where: [{ column: 'image_id', operator: '=', value: imageId }],
    orderBy: [['name', 'asc']],
  });
async function blobsOf(container: string, { imageId }: Origin): Promise<string[]> {
  const names: string[] = [];
  const list = pipeline.blobs.getContainerClient(container).listBlobsFlat({ prefix: imageId });
  for await (const { name } of list) names.push(name);
  return names;
}
async function rowOf({ imageId }: Origin) {
  const where = [{ column: 'image_id' as const, operator: '=' as const, value: imageId }];
  const [row] = await pipeline.database.query('storage_writer', 'images', { where });
  return row;
}
const deadLetterOf = async (from: IncomingRecord) => {
  const mine = (letter: IncomingRecord) => {
    const { reason } = readDeadLetter(letter);
    return reason.hub === from.hub && reason.offset === from.offset;
  };
  return readDeadLetter((await pipeline.deadLetters.until(1, mine))[0]!);
};

describe('processing', () => {
  test('stores the standard variants and marks the image processed', async () => {
    const from = await stored();
    await pipeline.processingService()([work(from)]);
    expect((await rowOf(from))?.status).toBe('processed');
    const variants = await variantsOf(from);
    const standard = [
      ['preview', 720, 480],
      ['thumbnail', 160, 160],
      ['web', 900, 600],
    ];
    expect(variants.map(({ name, width, height }) => [name, width, height])).toEqual(
      expect.arrayContaining(standard),
    );
    expect(await blobsOf('processed', from)).toEqual(variants.map(({ path }) => path).toSorted());
  });

  test('of an image that is processed does nothing; a reprocess does it again and keeps one set', async () => {
    const from = await stored();
    await pipeline.processingService()([work(from)]);
    const first = await variantsOf(from);
    await pipeline.processingService()([work(from)]);
    expect(await variantsOf(from)).toEqual(first);
    await pipeline.processingService('again')([work(from)]);
    const second = await variantsOf(from);
    expect(second.map(({ name }) => name)).toEqual(first.map(({ name }) => name));
    expect(second.every(({ created_at }) => created_at > first[0]!.created_at)).toBe(true);
    expect(await blobsOf('processed', from)).toEqual(second.map(({ path }) => path).toSorted());
  });

  test('of bytes that cannot be decoded ends rejected, without bytes', async () => {
    const damaged = Buffer.from(image);
    damaged.fill(0xff, 700);
    const from = await stored(damaged);
    await pipeline.processingService()([work(from)]);
    expect(await rowOf(from)).toMatchObject({ status: 'rejected' });
    expect([await blobsOf('raw', from), await blobsOf('processed', from)]).toEqual([[], []]);
  });

  test('that a reprocess cannot repeat leaves the variants that are there', async () => {
    const from = await stored();
    await pipeline.processingService()([work(from)]);
    const before = await blobsOf('processed', from);
    const blob = pipeline.blobs.getContainerClient('raw').getBlockBlobClient(from.imageId);
    const { metadata } = await blob.getProperties();
    await blob.upload('no image any more', 17, { ...(metadata === undefined ? {} : { metadata }) });
    await pipeline.processingService('again')([work(from)]);
    expect((await rowOf(from))?.status).toBe('processed');
    expect(before.length).toBeGreaterThan(0);
    expect(await blobsOf('processed', from)).toEqual(before);
  });

  test('of an erased image leaves nothing', async () => {
    const from = await stored();
    await enterErasure(pipeline.database, from.imageId);
    await pipeline.processingService()([work(from)]);
    expect([await rowOf(from), await blobsOf('processed', from)]).toEqual([undefined, []]);
  });

  test('of an image whose row was lost sends it through the stream again', async () => {
    const from = {
      imageId: randomUUID(),
      owner: 'ann',
      source: 'http' as const,
      correlationId: 'c-1',
      uploadedAt: new Date(),
    };
    await pipeline.storage.storeRaw(from, 'image/jpeg', image, { maxBytes });
    await pipeline.processingService()([work(from)]);
    const [again] = await pipeline.stream.until(1, (event) =>
      Buffer.from(event.value).includes(from.imageId),
    );
    expect(parseImageMessage(again!)).toMatchObject({ form: 'claim-check', imageId: from.imageId });
    await pipeline.streamService()([again!]);
    await pipeline.processingService()([work(from)]);
    expect((await rowOf(from))?.status).toBe('processed');
  });
});

describe('a message for processing', () => {
  test.each([
    ['that is not JSON', 'message-malformed', 'hello'],
    ['of another schema', 'message-malformed', '{"schema":"other","version":1}'],
    ['of a later version', 'message-unsupported', '{"schema":"darkroom.image-processing","version":2}'],
  ])('%s is a dead letter, %s', async (_title, code, value) => {
    const poison = record(Buffer.from(value));
    await pipeline.processingService()([poison]);
    const letter = await deadLetterOf(poison);
    expect(letter.reason).toMatchObject({ stage: 'parse', code });
    const kept = await pipeline.recordOf(letter);
    expect(Buffer.from(kept.value).toString()).toBe(value);
  });

  test('for bytes that are gone ends failed, with a dead letter', async () => {
    const from = await stored();
    await pipeline.storage.deleteRaw(from.imageId);
    const message = work(from);
    await pipeline.processingService()([message]);
    expect((await deadLetterOf(message)).reason).toMatchObject({
      ...{ stage: 'process', code: 'claim-check-missing', imageId: from.imageId },
    });
    expect(await rowOf(from)).toMatchObject({ status: 'failed', owner: 'ann' });
  });
});
