import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel, type IHeaders } from 'kafkajs';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { deriveImageId } from '../../../../../shared/platform/image-id.ts';
import { readDeadLetter } from '../../../../../shared/stream/dead-letter.ts';
import { imageReceivedEvent } from '../../../../../shared/images/store/image-received-event.ts';
import { parseProcessingMessage } from '../../../../../shared/images/process/processing-message.ts';
import type { DeadRecord, IncomingRecord } from '../../../../../shared/stream/record.ts';
import { enterErasure } from '../../../../support/erased-entry.ts';
import { declaredVariants } from '../../../../support/declared-variants.ts';
import { bombs } from '../../../../support/hostile-images.ts';
import { jpegPhoto } from '../../../../support/photos.ts';
import { maxBytes, maxPixels, startPipeline, type TestPipeline } from '../../../../support/pipeline.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

let pipeline: TestPipeline;
let kafka: Kafka;
let image: Buffer;

beforeAll(async () => {
  pipeline = await startPipeline();
  const { kafkaPort, connectionString: password } = pipeline.eventHubs;
  const sasl = { mechanism: 'plain' as const, username: '$ConnectionString', password };
  kafka = new Kafka({ brokers: [`127.0.0.1:${kafkaPort}`], sasl, logLevel: logLevel.NOTHING });
  image = await jpegPhoto(640, 480);
}, 180_000);
afterAll(() => pipeline.stop());
beforeEach(() => void pipeline.moveClock(0));

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sends as a web application would, and answers the records as the trigger shows them. */
async function produce(
  ...messages: { value: Buffer; headers?: IHeaders; key?: string }[]
): Promise<IncomingRecord[]> {
  const mark = randomUUID();
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic: hubs.stream,
    messages: messages.map(({ value, headers, key = 'ann' }) => ({
      key,
      value,
      headers: { ...headers, mark },
    })),
  });
  await producer.disconnect();
  const markOf = ({ headers }: IncomingRecord) => Buffer.from(headers['mark'] ?? '').toString();
  return pipeline.stream.until(messages.length, (record) => markOf(record) === mark);
}
async function rowOf(imageId: string) {
  const [row] = await pipeline.database.query('storage_writer', 'images', {
    where: [{ column: 'image_id', operator: '=', value: imageId }],
  });
  return row;
}
const queued = (imageId: string) =>
  pipeline.queue.records.filter(({ value }) => parseProcessingMessage(value).imageId === imageId);
const buried = (from: IncomingRecord) =>
  pipeline.deadLetters.records
    .map((record) => readDeadLetter(record))
    .filter(({ reason }) => reason.partition === from.partition && reason.offset === from.offset);
/** Waits for the dead letter of this record. */
async function deadLetterOf(from: IncomingRecord) {
  await pipeline.deadLetters.until(1, (record) => {
    const { reason } = readDeadLetter(record);
    return reason.partition === from.partition && reason.offset === from.offset;
  });
  return buried(from)[0]!;
}
const blobsOf = async (imageId: string): Promise<string[]> => {
  const names: string[] = [];
  for (const container of ['raw', 'uploads', 'processed']) {
    const list = pipeline.blobs.getContainerClient(container).listBlobsFlat({ includeUncommitedBlobs: true });
    for await (const { name } of list) if (name.includes(imageId)) names.push(`${container}:${name}`);
  }
  return names;
};

const binaryHeaders = (id: string) => ({
  ...{ ce_specversion: '1.0', ce_id: id, ce_source: '/shop', ce_type: 'darkroom.image.received' },
  'content-type': 'image/jpeg',
});
const cloudEventId = (id: string): string => deriveImageId('cloudevent', '/shop', id);

describe('each form of a Kafka record', () => {
  test('becomes a stored image of its key, checked, and queued for processing', async () => {
    const [id, chunkId] = [randomUUID(), randomUUID()];
    const event = { specversion: '1.0', type: 'darkroom.image.received', source: '/web', id };
    const structured = Buffer.from(JSON.stringify({ ...event, data_base64: image.toString('base64') }));
    const half = Math.ceil(image.byteLength / 2);
    const chunk = (index: number) => ({
      value: index === 0 ? image.subarray(0, half) : image.subarray(half),
      headers: {
        'chunk-id': chunkId,
        'chunk-index': String(index),
        'chunk-count': '2',
        sha256: digest(image),
      },
    });
    const records = await produce(
      { value: image, headers: binaryHeaders(id) },
      { value: structured, headers: { 'content-type': 'application/cloudevents+json' } },
      { value: image },
      chunk(1),
      chunk(0),
    );
    await pipeline.streamService()(records);
    const bare = records.find(
      ({ value, headers }) => value.byteLength === image.byteLength && !('ce_id' in headers),
    )!;
    const at = bare.enqueuedAt.toISOString();
    const ids = [
      cloudEventId(id),
      deriveImageId('cloudevent', '/web', id),
      deriveImageId('record', hubs.stream, bare.partition, bare.offset, at),
      deriveImageId('chunks', 'ann', chunkId),
    ];
    for (const imageId of ids) {
      expect(await rowOf(imageId)).toMatchObject({
        ...{
          owner: 'ann',
          source: 'kafka',
          status: 'stored',
          content_type: 'image/jpeg',
          width: 640,
          height: 480,
        },
        ...{ bytes: image.byteLength, sha256: digest(image) },
      });
      await pipeline.queue.until(1, ({ value }) => parseProcessingMessage(value).imageId === imageId);
      expect(await blobsOf(imageId)).toEqual([`raw:${imageId}`]);
    }
  });

  test('delivered again, at once or after a restart, is the same image: one row, one set of derivatives', async () => {
    const id = randomUUID();
    const records = await produce({ value: image, headers: binaryHeaders(id) });
    const imageId = cloudEventId(id);
    await Promise.all([pipeline.streamService()(records), pipeline.streamService()(records)]);
    const work = await pipeline.queue.until(
      1,
      ({ value }) => parseProcessingMessage(value).imageId === imageId,
    );
    await pipeline.processingService()(work);
    const before = await blobsOf(imageId);
    const events = queued(imageId).length;
    await pipeline.streamService()(records);
    await pipeline.processingService()(work);
    expect(await rowOf(imageId)).toMatchObject({ status: 'processed' });
    expect(await blobsOf(imageId)).toEqual(before);
    expect(before).toHaveLength(1 + (await declaredVariants()).length);
    expect(queued(imageId)).toHaveLength(events);
  });

  test('under an id that came before with other bytes, or from another user, changes nothing and says so', async () => {
    const id = randomUUID();
    const values = [image, await sampleImage('png'), Buffer.from('this is no image'), image];
    const keys = ['ann', 'ann', 'ann', 'berta'];
    const records = [];
    for (const [index, value] of values.entries()) {
      records.push(...(await produce({ value, headers: binaryHeaders(id), key: keys[index]! })));
    }
    const service = pipeline.streamService();
    for (const record of records) await service([record]);
    expect(await rowOf(cloudEventId(id))).toMatchObject({
      ...{ status: 'stored', owner: 'ann', sha256: digest(image) },
    });
    for (const [index, record] of records.entries()) {
      if (index === 0) continue;
      const { reason } = await deadLetterOf(record);
      expect(reason).toMatchObject({ code: 'id-reused', imageId: cloudEventId(id) });
      expect(reason.message).toContain(digest(image));
      expect(reason.message).toContain(digest(values[index]!));
    }
    await service([records[0]!]);
    expect(buried(records[0]!)).toEqual([]);
  });

  test('under the id of what was rejected says so too, unless it is the same again', async () => {
    const id = randomUUID();
    const garbage = { value: Buffer.from('this is no image'), headers: binaryHeaders(id) };
    const [first, again, other] = await produce(garbage, garbage, {
      value: image,
      headers: binaryHeaders(id),
    });
    const service = pipeline.streamService();
    for (const record of [first!, again!, other!]) await service([record]);
    expect(await rowOf(cloudEventId(id))).toMatchObject({ status: 'rejected' });
    expect(buried(again!)).toEqual([]);
    const { reason } = await deadLetterOf(other!);
    expect([reason.code, reason.message.includes(digest(garbage.value))]).toEqual(['id-reused', true]);
    expect(await blobsOf(cloudEventId(id))).toEqual([]);
  });

  test('damaged so that it is no image is told by its digest, and can be sent again', async () => {
    const id = randomUUID();
    const headers = { ...binaryHeaders(id), sha256: digest(image) };
    const [damaged, whole] = await produce(
      { value: Buffer.from('damaged'), headers },
      { value: image, headers },
    );
    const service = pipeline.streamService();
    for (const record of [damaged!, whole!]) await service([record]);
    expect((await deadLetterOf(damaged!)).reason.code).toBe('digest-mismatch');
    expect(await rowOf(cloudEventId(id))).toMatchObject({ status: 'stored', sha256: digest(image) });
  });

  test('under the id of what failed may be other bytes, of the same user', async () => {
    const id = randomUUID();
    const headers = binaryHeaders(id);
    const [damaged] = await produce({ value: image, headers: { ...headers, sha256: 'ab'.repeat(32) } });
    const [stranger] = await produce({ value: image, headers, key: 'berta' });
    const [whole] = await produce({ value: await sampleImage('png'), headers });
    const service = pipeline.streamService();
    for (const record of [damaged!, stranger!, whole!]) await service([record]);
    expect((await deadLetterOf(stranger!)).reason.code).toBe('id-reused');
    expect(await rowOf(cloudEventId(id))).toMatchObject({ status: 'stored', owner: 'ann' });
    expect(await blobsOf(cloudEventId(id))).toEqual([`raw:${cloudEventId(id)}`]);
  });
});

describe('a record under the id of an image that was erased', () => {
  const half = () => Math.ceil(image.byteLength / 2);
  const chunkOf = (id: string, index: number) => ({
    value: index === 0 ? image.subarray(0, half()) : image.subarray(half()),
    headers: { 'chunk-id': id, 'chunk-index': String(index), 'chunk-count': '2', sha256: digest(image) },
  });
  const chunkIdOf = (id: string) => deriveImageId('chunks', 'ann', id);

  test.each<[string, (id: string) => string, (id: string) => { value: Buffer; headers: object }[]]>([
    ['with the same bytes', cloudEventId, (id) => [{ value: image, headers: binaryHeaders(id) }]],
    [
      'with bytes that are no image',
      cloudEventId,
      (id) => [{ value: Buffer.from('no image'), headers: binaryHeaders(id) }],
    ],
    [
      'that cannot be read',
      cloudEventId,
      (id) => [{ value: image, headers: { ...binaryHeaders(id), sha256: 'no digest' } }],
    ],
    ['in chunks', chunkIdOf, (id) => [chunkOf(id, 0), chunkOf(id, 1)]],
    ['of which one chunk comes', chunkIdOf, (id) => [chunkOf(id, 1)]],
  ])('%s is a dead letter `erased-id`, and nothing of it is kept', async (_, imageIdOf, messages) => {
    const id = randomUUID();
    const imageId = imageIdOf(id);
    await enterErasure(pipeline.database, imageId);
    const records = await produce(...(messages(id) as Parameters<typeof produce>));
    await pipeline.streamService()(records);
    await pipeline.deadLetters.until(1, (one) => readDeadLetter(one).reason.imageId === imageId);
    const letters = records.flatMap(buried);
    expect(letters).toMatchObject([{ reason: { code: 'erased-id', imageId } }]);
    expect([letters[0]!.claimCheck, letters[0]!.sha256]).toEqual([undefined, undefined]);
    expect([await rowOf(imageId), await blobsOf(imageId), queued(imageId)]).toEqual([undefined, [], []]);
  });

  test('that was there before its erasure and comes again is one too', async () => {
    const id = randomUUID();
    const [record] = await produce({ value: image, headers: binaryHeaders(id) });
    await pipeline.streamService()([record!]);
    expect((await rowOf(cloudEventId(id)))?.status).toBe('stored');
    await enterErasure(pipeline.database, cloudEventId(id));
    await pipeline.streamService()([record!]);
    expect((await deadLetterOf(record!)).reason.code).toBe('erased-id');
    expect(await blobsOf(cloudEventId(id))).toEqual([]);
  });
});

describe('claim checks', () => {
  const stored = async (bytes: Buffer) => {
    const origin = { imageId: randomUUID(), owner: 'bob', source: 'http' as const, correlationId: 'c-1' };
    const from = { ...origin, uploadedAt: new Date('2026-01-02T03:04:05.006Z') };
    await pipeline.storage.storeRaw(from, 'image/jpeg', bytes, { maxBytes });
    return from;
  };
  const announced = async (from: Awaited<ReturnType<typeof stored>>) => {
    await pipeline.events.send(hubs.stream, imageReceivedEvent({ ...from, at: from.uploadedAt }));
    const mine = await pipeline.stream.until(1, ({ value }) => Buffer.from(value).includes(from.imageId));
    return mine[0]!;
  };

  test('take owner, source and time of upload from the bytes, not from the event', async () => {
    const from = await stored(image);
    const record = await announced({ ...from, owner: 'mallory' });
    await pipeline.streamService()([record]);
    expect(await rowOf(from.imageId)).toMatchObject({
      ...{
        owner: 'bob',
        source: 'http',
        uploaded_at: from.uploadedAt,
        correlation_id: 'c-1',
        status: 'stored',
      },
      delete_at: new Date('2026-01-09T03:04:05.006Z'),
    });
  });

  test.each([
    ['text', 'unsupported-type', () => Buffer.from('plain text named .jpg')],
    ['SVG', 'unsupported-type', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['an image that ends early', 'image-truncated', () => image.subarray(0, 200)],
  ])('on %s end rejected, without bytes, and a redelivery changes nothing', async (_title, code, bytes) => {
    const from = await stored(bytes());
    const record = await announced(from);
    await pipeline.streamService()([record]);
    await pipeline.streamService()([record]);
    expect(await rowOf(from.imageId)).toMatchObject({ status: 'rejected', failure_code: code });
    expect([await blobsOf(from.imageId), buried(record)]).toEqual([[], []]);
  });

  test('on bytes that are no image, under the id of what was rejected, are dead letters and keep nothing', async () => {
    const from = await stored(Buffer.from('no image'));
    const record = await announced(from);
    await pipeline.streamService()([record]);
    await pipeline.storage.storeRaw(from, 'image/jpeg', Buffer.from('nor is this'), { maxBytes });
    await pipeline.streamService()([record]);
    expect((await deadLetterOf(record)).reason.code).toBe('id-reused');
    expect(await rowOf(from.imageId)).toMatchObject({ status: 'rejected', failure_code: 'unsupported-type' });
    expect(await blobsOf(from.imageId)).toEqual([]);
  });

  test('on bytes that are not there end failed, with a dead letter', async () => {
    const from = { imageId: randomUUID(), owner: 'bob', correlationId: 'c-1', uploadedAt: new Date() };
    const record = await announced({ ...from, source: 'http' });
    await pipeline.streamService()([record]);
    expect((await deadLetterOf(record)).reason).toMatchObject({
      code: 'claim-check-missing',
      imageId: from.imageId,
    });
    expect(await rowOf(from.imageId)).toMatchObject({
      status: 'failed',
      failure_code: 'claim-check-missing',
    });
  });

  test('on an erased image leave nothing behind', async () => {
    const from = await stored(image);
    const record = await announced(from);
    await pipeline.streamService()([record]);
    await enterErasure(pipeline.database, from.imageId);
    await pipeline.storage.deleteRaw(from.imageId);
    await pipeline.streamService()([record]);
    await pipeline.storage.storeRaw(from, 'image/jpeg', image, { maxBytes });
    await pipeline.streamService()([record]);
    expect([await rowOf(from.imageId), await blobsOf(from.imageId), buried(record)]).toEqual([
      undefined,
      [],
      [],
    ]);
  });
});

describe('what cannot be taken', () => {
  test('an image of too many pixels is rejected from its header, with all its frames counted', async () => {
    const files = (await bombs(maxPixels))
      .filter(({ expected }) => expected?.join() === 'image-too-many-pixels')
      .slice(0, 5);
    const ids = files.map(() => randomUUID());
    const records = await produce(
      ...files.map(({ bytes }, index) => ({ value: bytes, headers: binaryHeaders(ids[index]!) })),
    );
    await pipeline.streamService()(records);
    for (const id of ids) {
      const row = await rowOf(cloudEventId(id));
      expect([row?.status, row?.failure_code]).toEqual(['rejected', 'image-too-many-pixels']);
    }
    expect(files).toHaveLength(5);
  });

  test('a record that is no message is a dead letter as it came; the good ones around it go through', async () => {
    const [before, after] = [randomUUID(), randomUUID()];
    const value = Buffer.from('{"not":"a CloudEvent"}');
    const records = await produce(
      { value: image, headers: binaryHeaders(before) },
      { value, headers: { colour: 'red' } },
      { value: image, headers: binaryHeaders(after) },
    );
    await pipeline.streamService()(records);
    const poison = records.find((record) => Buffer.from(record.value).equals(value))!;
    const letter = await deadLetterOf(poison);
    expect(letter.reason).toMatchObject({
      ...{ hub: hubs.stream, partition: poison.partition, offset: poison.offset },
      ...{ stage: 'parse', code: 'message-malformed', attempts: 1 },
    });
    const kept = await pipeline.recordOf(letter);
    expect([kept.key, Buffer.from(kept.value).toString()]).toEqual(['ann', value.toString()]);
    expect(Buffer.from(kept.headers['colour']!).toString()).toBe('red');
    for (const id of [before, after]) expect((await rowOf(cloudEventId(id)))?.status).toBe('stored');
  });

  test('headers of absurd size go to a dead letter with a claim check on the whole record', async () => {
    const [record] = await produce({
      value: Buffer.alloc(600_000, 7),
      headers: { big: 'x'.repeat(430_000) },
    });
    await pipeline.streamService()([record!]);
    const letter = await deadLetterOf(record!);
    expect(letter.reason.code).toBe('message-malformed');
    const kept = await pipeline.recordOf(letter);
    expect([kept.key, kept.value.byteLength]).toEqual(['ann', 600_000]);
    // Not toEqual: a failure would print half a megabyte.
    const headersOf = (of: DeadRecord) =>
      JSON.stringify(
        Object.entries(of.headers).map(([name, value]) => [name, Buffer.from(value).toString('hex')]),
      );
    expect(headersOf(kept) === headersOf(record!)).toBe(true);
  });

  test('bytes without the announced digest end failed, with a dead letter', async () => {
    const id = randomUUID();
    const [record] = await produce({
      value: image,
      headers: { ...binaryHeaders(id), sha256: 'ab'.repeat(32) },
    });
    await pipeline.streamService()([record!]);
    expect((await deadLetterOf(record!)).reason).toMatchObject({
      code: 'digest-mismatch',
      imageId: cloudEventId(id),
    });
    expect(await rowOf(cloudEventId(id))).toMatchObject({ status: 'failed' });
    expect(await blobsOf(cloudEventId(id))).toEqual([]);
  });
});

describe('chunk sets', () => {
  const chunked = (chunkId: string, parts: readonly Buffer[], sha256: string, count = parts.length) =>
    parts.map((value, index) => ({
      value,
      headers: { 'chunk-id': chunkId, 'chunk-index': String(index), 'chunk-count': String(count), sha256 },
    }));
  const halves = () => [image.subarray(0, 5_000), image.subarray(5_000)];

  test('that are not complete in 15 minutes become one dead letter, and nothing stays', async () => {
    const chunkId = randomUUID();
    const imageId = deriveImageId('chunks', 'ann', chunkId);
    const [record] = await produce(...chunked(chunkId, halves().slice(0, 1), digest(image), 2));
    await pipeline.streamService()([record!]);
    await pipeline.expireChunks();
    expect(await blobsOf(imageId)).toHaveLength(2);
    pipeline.moveClock(16 * 60_000);
    await pipeline.expireChunks();
    await pipeline.expireChunks();
    expect((await deadLetterOf(record!)).reason).toMatchObject({
      stage: 'chunks',
      code: 'chunks-incomplete',
      imageId,
    });
    expect(buried(record!)).toHaveLength(1);
    expect(await rowOf(imageId)).toMatchObject({ status: 'failed', failure_code: 'chunks-incomplete' });
    expect(await blobsOf(imageId)).toEqual([]);
  });

  test('sent again whole after that become the image', async () => {
    const chunkId = randomUUID();
    const messages = chunked(chunkId, halves(), digest(image));
    const records = await produce(...messages);
    await pipeline.streamService()(records.slice(0, 1));
    pipeline.moveClock(16 * 60_000);
    await pipeline.expireChunks();
    await pipeline.streamService()(records);
    expect((await rowOf(deriveImageId('chunks', 'ann', chunkId)))?.status).toBe('stored');
  });

  test('with another digest than announced are a dead letter, and keep no bytes', async () => {
    const chunkId = randomUUID();
    const imageId = deriveImageId('chunks', 'ann', chunkId);
    const records = await produce(...chunked(chunkId, halves(), digest(Buffer.from('other'))));
    const service = pipeline.streamService();
    for (const record of records) await service([record]);
    expect((await deadLetterOf(records[1]!)).reason).toMatchObject({ code: 'digest-mismatch', imageId });
    expect([await blobsOf(imageId), (await rowOf(imageId))?.status]).toEqual([[], 'failed']);
  });

  test.each([
    [
      'announce a digest that is none',
      (messages: ReturnType<typeof chunked>) =>
        messages.map(({ value, headers }) => ({ value, headers: { ...headers, sha256: 'none' } })),
      'message-malformed',
    ],
    [
      'have not the bytes that they announce',
      (messages: ReturnType<typeof chunked>) =>
        messages.map(({ value, headers }) => ({ value, headers: { ...headers, sha256: 'ab'.repeat(32) } })),
      'digest-mismatch',
    ],
    [
      'each announce their own digest',
      (messages: ReturnType<typeof chunked>) =>
        messages.map(({ value, headers }) => ({ value, headers: { ...headers, sha256: digest(value) } })),
      'chunks-inconsistent',
    ],
    [
      'count differently',
      (messages: ReturnType<typeof chunked>) =>
        messages.map(({ value, headers }, index) => ({
          value,
          headers: { ...headers, 'chunk-count': String(5 + index) },
        })),
      'chunks-inconsistent',
    ],
  ])('of which all %s have one dead letter, and end failed', async (_title, wrong, code) => {
    const chunkId = randomUUID();
    const quarter = Math.ceil(image.byteLength / 4);
    const parts = [0, 1, 2, 3].map((index) => image.subarray(index * quarter, (index + 1) * quarter));
    const records = await produce(...wrong(chunked(chunkId, parts, digest(image))));
    const service = pipeline.streamService();
    await service(records);
    pipeline.moveClock(16 * 60_000);
    await pipeline.expireChunks();
    await pipeline.deadLetters.until(
      1,
      (one) => readDeadLetter(one).reason.imageId === deriveImageId('chunks', 'ann', chunkId),
    );
    const letters = pipeline.deadLetters.records
      .map((one) => readDeadLetter(one).reason)
      .filter(({ imageId }) => imageId === deriveImageId('chunks', 'ann', chunkId));
    expect(letters.map((reason) => reason.code)).toEqual([code]);
    expect((await rowOf(deriveImageId('chunks', 'ann', chunkId)))?.status).toBe('failed');
  });

  test('of another image under the id of one that is there have one dead letter that names both', async () => {
    const chunkId = randomUUID();
    const [png, service] = [await sampleImage('png'), pipeline.streamService()];
    const first = await produce(...chunked(chunkId, halves(), digest(image)));
    for (const record of first) await service([record]);
    const others = await produce(...chunked(chunkId, [png.subarray(0, 9), png.subarray(9)], digest(png)));
    await service(others);
    await service(first);
    const imageId = deriveImageId('chunks', 'ann', chunkId);
    await pipeline.deadLetters.until(1, (one) => readDeadLetter(one).reason.imageId === imageId);
    const letters = others.flatMap(buried);
    expect(letters.map(({ reason }) => reason.code)).toEqual(['id-reused']);
    for (const sha256 of [digest(image), digest(png)]) expect(letters[0]!.reason.message).toContain(sha256);
    expect(await rowOf(deriveImageId('chunks', 'ann', chunkId))).toMatchObject({
      status: 'stored',
      sha256: digest(image),
    });
  });

  test('that two processes received a part each are joined by the timer', async () => {
    const chunkId = randomUUID();
    const records = await produce(...chunked(chunkId, halves(), digest(image)));
    const services = [pipeline.streamService(), pipeline.streamService()];
    await services[0]!(records.slice(0, 1));
    const blind = pipeline.streamService({ ...pipeline.storage, stagedChunks: () => Promise.resolve([]) });
    await blind(records.slice(1));
    expect(await rowOf(deriveImageId('chunks', 'ann', chunkId))).toBeUndefined();
    pipeline.moveClock(2 * 60_000);
    await pipeline.expireChunks();
    expect((await rowOf(deriveImageId('chunks', 'ann', chunkId)))?.status).toBe('stored');
  });

  test('are read from the store once, however many they are', async () => {
    const chunkId = randomUUID();
    const size = Math.ceil(image.byteLength / 60);
    const parts = Array.from({ length: 60 }, (_, index) =>
      image.subarray(index * size, (index + 1) * size),
    ).filter((part) => part.byteLength > 0);
    const calls: string[] = [];
    const counted = (name: 'beginChunkSet' | 'stagedChunks' | 'rawOrigin' | 'stageChunk') => ({
      [name]: (...given: never[]) => {
        calls.push(name);
        return (pipeline.storage[name] as (...all: never[]) => unknown)(...given);
      },
    });
    const over = {
      ...pipeline.storage,
      ...counted('beginChunkSet'),
      ...counted('stagedChunks'),
      ...counted('rawOrigin'),
      ...counted('stageChunk'),
    };
    await pipeline.streamService(over)(await produce(...chunked(chunkId, parts, digest(image))));
    expect((await rowOf(deriveImageId('chunks', 'ann', chunkId)))?.status).toBe('stored');
    const times = (name: string) => calls.filter((call) => call === name).length;
    expect([times('stageChunk'), times('beginChunkSet'), times('stagedChunks'), times('rawOrigin')]).toEqual([
      parts.length,
      1,
      1,
      1,
    ]);
  });

  test('that contradict each other bury the later chunk and let the set complete', async () => {
    const chunkId = randomUUID();
    const [first, second] = await produce(...chunked(chunkId, halves(), digest(image)));
    const [stray] = await produce(...chunked(chunkId, [Buffer.from('x')], digest(image), 7));
    const service = pipeline.streamService();
    for (const record of [first!, stray!, second!]) await service([record]);
    expect((await deadLetterOf(stray!)).reason.code).toBe('chunks-inconsistent');
    expect((await rowOf(deriveImageId('chunks', 'ann', chunkId)))?.status).toBe('stored');
  });

  test('of several other images under one id are each a dead letter, though the id had one before', async () => {
    const chunkId = randomUUID();
    const others = await Promise.all([sampleImage('png'), sampleImage('gif'), sampleImage('bmp')]);
    const first = await produce(...chunked(chunkId, halves(), digest(image)));
    const strays = await produce(...chunked(chunkId, [Buffer.from('x')], digest(image), 7));
    const service = pipeline.streamService();
    for (const record of [first[0]!, ...strays]) await service([record]);
    const given = [];
    for (const other of others) {
      const records = await produce(
        ...chunked(chunkId, [other.subarray(0, 9), other.subarray(9)], digest(other)),
      );
      given.push(records);
      // The second comes while the set is open, the others when it is an image.
      await service(records);
      if (given.length === 1) await service(first);
    }
    await pipeline.deadLetters.until(4, (one) => {
      const { imageId } = readDeadLetter(one).reason;
      return imageId === deriveImageId('chunks', 'ann', chunkId);
    });
    for (const [index, records] of given.entries()) {
      const reasons = records.flatMap(buried).map(({ reason }) => reason);
      expect(reasons.map(({ code }) => code)).toEqual(['id-reused']);
      expect(reasons[0]!.message).toContain(digest(others[index]!));
    }
  });

  test('damaged so that they are no image are told by their digest, and can be sent again', async () => {
    const chunkId = randomUUID();
    const service = pipeline.streamService();
    const good = chunked(chunkId, halves(), digest(image));
    const damaged = await produce({ ...good[0]!, value: Buffer.from('damaged') }, good[1]!);
    for (const record of damaged) await service([record]);
    expect((await deadLetterOf(damaged[1]!)).reason.code).toBe('digest-mismatch');
    for (const record of await produce(...good)) await service([record]);
    expect((await rowOf(deriveImageId('chunks', 'ann', chunkId)))?.status).toBe('stored');
  });
});

describe('an outage', () => {
  test('makes the batch fail when the others are through, buries nothing, and ends with the outage', async () => {
    const [lucky, unlucky] = [randomUUID(), randomUUID()];
    const records = await produce(
      { value: image, headers: binaryHeaders(unlucky) },
      { value: image, headers: binaryHeaders(lucky) },
    );
    let isAway = true;
    const { storage } = pipeline;
    const { makeStorageWriter } = await import('../../../../../shared/images/store/writer.ts');
    const { blobService } = await import('../../../../../shared/platform/blobs/blob-service.ts');
    const gone = makeStorageWriter({
      blobs: blobService(pipeline.stores.storage.replace(/(BlobEndpoint=http:\/\/127\.0\.0\.1):\d+/, '$1:9')),
      database: pipeline.database,
      clock: pipeline.clock,
    });
    const service = pipeline.streamService({
      ...storage,
      storeRaw: (origin, ...rest) =>
        (isAway && origin.imageId === cloudEventId(unlucky) ? gone : storage).storeRaw(origin, ...rest),
    });
    for (const retries of [0, 1, 2, 3, 4, 5, 6]) {
      await expect(service(records, retries)).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect((await rowOf(cloudEventId(lucky)))?.status).toBe('stored');
    expect(await rowOf(cloudEventId(unlucky))).toBeUndefined();
    isAway = false;
    await service(records, 7);
    expect((await rowOf(cloudEventId(unlucky)))?.status).toBe('stored');
    expect(records.flatMap(buried)).toEqual([]);
  }, 120_000);
});
