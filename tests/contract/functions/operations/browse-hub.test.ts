import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { composition } from '../../../../functions/composition.ts';
import { deriveImageId } from '../../../../shared/platform/image-id.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import type { IncomingRecord } from '../../../../shared/stream/record.ts';
import { sampleImage } from '../../../support/sample-images.ts';
import { startOperations } from './support.ts';
import '../../../../functions/operations/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
let png: Buffer;
beforeAll(async () => {
  stack = await startOperations();
  png = await sampleImage('png', 12, 8);
}, 180_000);
afterAll(() => stack.stop());

type Row = Record<string, unknown>;
interface Content extends Row {
  readonly imageId: string | null;
  readonly headers: { name: string; value: string }[];
}
interface Event {
  readonly hub: string;
  readonly partition: string;
  readonly offset: string;
  readonly sequenceNumber: number;
  readonly enqueuedAt: string;
  readonly bytes: number;
  readonly content: Content | null;
}
interface Page {
  readonly events: Event[];
  readonly next: string;
  readonly scanned: number;
  readonly atEnd: boolean;
}

const params = (query: Row) => new URLSearchParams(query as Record<string, string>).toString();
async function browse(query: Row): Promise<Page> {
  const { status, body } = await stack.ask('GET', `/events?${params(query)}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as Page;
}
async function trace(query: Row) {
  const { status, body } = await stack.ask('GET', `/trace?${params(query)}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as { images: (Row & { records: Event[] })[]; complete: boolean; erased: boolean };
}
const cloudEvent = (id: string, more: Row = {}) => ({
  ...{ ce_specversion: '1.0', ce_type: 'darkroom.image.received', ce_id: id, ce_source: '/app' },
  'content-type': 'image/png',
  ...(more as Record<string, string>),
});

/** Sends a record, and answers where it is. */
async function send(record: {
  key?: string;
  value: Uint8Array;
  headers?: Record<string, string>;
}): Promise<IncomingRecord> {
  const before = stack.pipeline.stream.records.length;
  await stack.pipeline.events.send(hubs.stream, record);
  return (await stack.pipeline.stream.until(before + 1)).at(-1)!;
}
/** Sends a record and runs the stream service on it; answers its image too. */
async function through(record: Parameters<typeof send>[0]) {
  const received = await send(record);
  await stack.pipeline.streamService()([received]);
  const { parseImageMessage } = await import('../../../../shared/images/receive/image-message.ts');
  return { ...received, imageId: parseImageMessage(received).imageId };
}

async function erase(imageId: string): Promise<void> {
  const { erase: run } = await composition.erasure();
  await run([{ imageId, uploadedAt: new Date(), deleteAt: new Date() }], 'erasure', 'ann');
}

describe('who may look', () => {
  test.each(['/events', '/trace?key=ann'])(
    'GET /operations%s: nobody without a token, no other role',
    async (path) => {
      const status = async (headers: Record<string, string>) =>
        (await stack.send('GET', `/api/operations${path}`, { headers })).status;
      expect(await status({})).toBe(401);
      expect(await status(await stack.token(['Uploader', 'Logistics', 'Sales', 'Analytics']))).toBe(403);
    },
  );
});

describe('a look into a hub', () => {
  test('shows key, headers, CloudEvent, size and image of each event, and the bytes of none', async () => {
    const key = `ann-${randomUUID()}`;
    const id = randomUUID();
    await send({ key, value: png, headers: cloudEvent(id, { 'x-shop': 'north' }) });
    const structured = {
      ...{ specversion: '1.0', type: 'darkroom.image.received', id: `s-${id}`, source: '/app', subject: key },
      data_base64: png.toString('base64'),
    };
    await send({
      key,
      value: Buffer.from(JSON.stringify(structured)),
      headers: { 'content-type': 'application/cloudevents+json' },
    });
    await send({ key, value: png });
    await send({ key, value: Buffer.from('{"n":1}') });
    const { events } = await browse({ key });
    expect(events.map(({ content }) => content?.['form'])).toEqual([
      'binary',
      'structured',
      'bare',
      'unreadable',
    ]);
    const [binary, inJson, bare, unreadable] = events;
    expect(binary).toMatchObject({
      hub: hubs.stream,
      bytes: png.byteLength,
      content: {
        ...{ key, owner: key, contentType: 'image/png', imageId: deriveImageId('cloudevent', '/app', id) },
        cloudEvent: { id, source: '/app', type: 'darkroom.image.received', subject: null },
        begins: png.subarray(0, 16).toString('hex'),
      },
    });
    expect(binary!.content!.headers).toContainEqual({ name: 'x-shop', value: 'north' });
    expect(inJson!.content).toMatchObject({
      envelope: { id: `s-${id}`, data_base64: `${png.byteLength} bytes` },
      cloudEvent: { id: `s-${id}`, subject: key },
    });
    expect(bare!.content).toMatchObject({ cloudEvent: null, envelope: null });
    expect(unreadable!.content).toMatchObject({
      problem: expect.stringContaining('message-malformed'),
      envelope: { n: 1 },
    });
    expect(JSON.stringify(events)).not.toContain(png.toString('base64').slice(0, 60));
  });

  test('finds by header, type, id, owner, image and size', async () => {
    const id = randomUUID();
    const owner = `berta-${id}`;
    const sent = await send({ key: owner, value: png, headers: cloudEvent(id, { 'x-run': id }) });
    await send({ key: `other-${id}`, value: Buffer.alloc(9_000, 7), headers: { 'x-run': `${id}-2` } });
    const found = async (query: Row) =>
      (await browse({ from: 'start', ...query })).events.map((one) => one.offset);
    for (const query of [
      { header: `x-run=${id}` },
      { ceId: id },
      { owner },
      { imageId: deriveImageId('cloudevent', '/app', id) },
      { owner, type: 'darkroom.image.received', minBytes: png.byteLength, maxBytes: png.byteLength },
    ]) {
      expect([query, await found(query)]).toEqual([query, [sent.offset]]);
    }
    expect(await found({ header: 'X-Run' })).toHaveLength(2);
    expect(await found({ owner, type: 'another.type' })).toEqual([]);
    expect(await found({ owner, minBytes: png.byteLength + 1 })).toEqual([]);
  });

  test('begins at an offset, a sequence number or a time, goes on, and follows live', async () => {
    const key = `carl-${randomUUID()}`;
    const sent = [];
    for (let n = 0; n < 5; n += 1)
      sent.push(await send({ key, value: Buffer.concat([png, Buffer.from([n])]) }));
    const { partition } = sent[0]!;
    const offsets = sent.map(({ offset }) => offset);
    const offsetsOf = ({ events }: Page) => events.map(({ offset }) => offset);
    expect(offsetsOf(await browse({ partition, offset: offsets[2], key }))).toEqual(offsets.slice(2));
    expect(offsetsOf(await browse({ partition, sequenceNumber: sent[3]!.sequenceNumber }))).toEqual(
      offsets.slice(3),
    );
    const time = sent[0]!.enqueuedAt.toISOString();
    const first = await browse({ partition, time, key, limit: 2 });
    expect([offsetsOf(first), first.atEnd]).toEqual([offsets.slice(0, 2), false]);
    const second = await browse({ partition, cursor: first.next, key, limit: 200 });
    expect([offsetsOf(second), second.atEnd]).toEqual([offsets.slice(2), true]);
    expect(offsetsOf(await browse({ partition, limit: 2 }))).toEqual(offsets.slice(3));
    const nothing = await browse({ partition, cursor: second.next, key });
    expect(nothing).toMatchObject({ events: [], scanned: 0, atEnd: true });
    const late = await send({ key, value: png });
    expect(offsetsOf(await browse({ partition, cursor: nothing.next, key }))).toEqual([late.offset]);
  });

  test('moves no checkpoint', async () => {
    const checkpointsOf = async () =>
      ((await stack.ask('GET', '/stream')).body['groups'] as { partitions: Row[] }[]).map(({ partitions }) =>
        partitions.map(({ checkpoint, events, state }) => ({ checkpoint, events, state })),
      );
    const before = await checkpointsOf();
    await browse({ from: 'start', limit: 200 });
    expect(await checkpointsOf()).toEqual(before);
  });

  test('says nothing of an image that was erased, and does not find it by what it said', async () => {
    const key = `secret-${randomUUID()}`;
    const id = randomUUID();
    const sent = await through({ key, value: png, headers: cloudEvent(id) });
    const at = { partition: sent.partition, sequenceNumber: sent.sequenceNumber };
    expect((await browse({ ...at, limit: 1 })).events[0]!.content).toMatchObject({ key });
    await erase(sent.imageId);
    const [event] = (await browse({ ...at, limit: 1 })).events;
    expect(event).toMatchObject({ offset: sent.offset, bytes: png.byteLength, content: null });
    for (const query of [
      { key },
      { owner: key },
      { ceId: id },
      { imageId: sent.imageId },
      { header: 'ce_id' },
    ]) {
      const { events } = await browse({ from: 'start', ...query });
      expect(JSON.stringify(events)).not.toContain(key);
      expect(
        events.filter(({ offset, partition }) => offset === sent.offset && partition === sent.partition),
      ).toEqual([]);
    }
  });

  test('refuses two places, an unknown partition, and a cursor of another hub', async () => {
    const status = async (query: Row) => (await stack.ask('GET', `/events?${params(query)}`)).status;
    expect(await status({ from: 'start', time: new Date().toISOString() })).toBe(400);
    expect(await status({ partition: '999' })).toBe(422);
    expect(await status({ hub: 'elsewhere' })).toBe(400);
    const { next } = await browse({});
    expect(await status({ hub: hubs.processing, cursor: next })).toBe(400);
  });

  test('shows the other hubs too', async () => {
    const { imageId } = await through({ key: 'ann', value: await sampleImage('png', 21, 9) });
    const { events } = await browse({ hub: hubs.processing, imageId, from: 'start' });
    expect(events.map(({ content }) => content)).toMatchObject([{ form: 'processing', imageId }]);
  });
});

describe('a trace', () => {
  test('leads from a place, a ce_id with or without its source, and a key to the image, and back', async () => {
    const key = `dora-${randomUUID()}`;
    const ceId = randomUUID();
    const { imageId, partition, offset, sequenceNumber } = await through({
      key,
      value: png,
      headers: cloudEvent(ceId),
    });
    const expected = {
      complete: true,
      erased: false,
      images: [
        {
          ...{ imageId, erased: false, deadLetters: [] },
          image: { status: 'stored', source: 'kafka', owner: key, failureCode: null },
          records: [{ hub: hubs.stream, partition, offset, sequenceNumber, bytes: png.byteLength }],
        },
      ],
    };
    for (const query of [
      { partition, offset },
      { partition, sequenceNumber },
      { ceId },
      { ceId, ceSource: '/app' },
      { key },
      { imageId },
    ]) {
      expect([query, await trace(query)]).toMatchObject([query, expected]);
    }
  });

  test('finds every record of an image that came in chunks', async () => {
    const [key, chunkId] = [`gina-${randomUUID()}`, randomUUID()];
    const halves = [png.subarray(0, 50), png.subarray(50)];
    const sha256 = createHash('sha256').update(png).digest('hex');
    const places = [];
    for (const [index, value] of halves.entries()) {
      const headers = { 'chunk-id': chunkId, 'chunk-index': String(index), 'chunk-count': '2', sha256 };
      const { imageId, partition, sequenceNumber } = await through({ key, value, headers });
      places.push({ imageId, partition, sequenceNumber });
    }
    const { images } = await trace({ imageId: places[0]!.imageId });
    expect(images).toMatchObject([{ image: { status: 'stored', owner: key } }]);
    expect(images[0]!.records).toMatchObject(
      places.map(({ partition, sequenceNumber }) => ({ partition, sequenceNumber })),
    );
    expect(
      (await trace({ partition: places[1]!.partition, sequenceNumber: places[1]!.sequenceNumber })).images,
    ).toMatchObject([{ imageId: places[0]!.imageId }]);
  });

  test('names the dead letters of what failed, and knows of a record that is none', async () => {
    const key = `emil-${randomUUID()}`;
    const sent = await through({ key, value: Buffer.from('{"no":"image"}') }).catch(() => undefined);
    expect(sent).toBeUndefined();
    const record = stack.pipeline.stream.records.at(-1)!;
    const at = { partition: record.partition, offset: record.offset };
    let found = await trace(at);
    for (let tries = 0; tries < 100 && found.images[0]?.['deadLetters']?.toString() === ''; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      found = await trace(at);
    }
    expect(found.images).toMatchObject([
      {
        image: { status: 'failed', failureCode: 'message-malformed' },
        deadLetters: [expect.stringMatching(/^\d+-\d+$/)],
      },
    ]);
    expect((await trace({ ceId: randomUUID() })).images).toEqual([]);
    expect((await trace({ imageId: randomUUID() })).images).toEqual([]);
  });

  test('says that an image was erased, and nothing else of it', async () => {
    const key = `frida-${randomUUID()}`;
    const { imageId, partition, offset } = await through({
      key,
      value: png,
      headers: cloudEvent(randomUUID()),
    });
    await erase(imageId);
    expect(await trace({ partition, offset })).toEqual({ images: [], complete: true, erased: true });
    expect(await trace({ imageId })).toMatchObject({
      erased: true,
      images: [{ imageId, image: null, records: [] }],
    });
    expect((await trace({ key })).images).toEqual([]);
  });

  test('asks for one thing', async () => {
    const status = async (query: Row) => (await stack.ask('GET', `/trace?${params(query)}`)).status;
    expect(await status({})).toBe(400);
    expect(await status({ key: 'a', ceId: 'b' })).toBe(400);
    expect(await status({ partition: '0' })).toBe(422);
  });
});
