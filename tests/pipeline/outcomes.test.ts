import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Consumer } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { recordsFor } from '../../client/image-records.ts';
import { personas } from '../../infra/local/identity/personas.ts';
import { day } from '../../shared/platform/clock.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { eventually } from '../support/eventually.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

const owner = personas['uploader']!.oid;
const minutes = 60_000;

interface Outcome {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly sequence: string;
  readonly data: {
    readonly imageId: string;
    readonly source: string | null;
    readonly sourceId: string;
    readonly key: string;
    readonly reason: { readonly code: string; readonly message: string } | null;
  };
}

/** As a consumer got it: what a broker says of it, and what is in it. */
interface Received {
  readonly partition: number;
  readonly contentType: string | undefined;
  readonly event: Outcome;
}

let stack: TestStack;
let kafka: Awaited<ReturnType<typeof openKafkaClient>>;
/** What each of two clients that nobody here wrote has got. */
const got: Readonly<Record<'kafkajs' | 'platformatic', Received[]>> = { kafkajs: [], platformatic: [] };
const closers: (() => Promise<unknown>)[] = [];

const receivedOf = (
  partition: number,
  value: Buffer,
  contentType: Buffer | string | undefined,
): Received => ({
  partition,
  contentType: contentType?.toString(),
  event: JSON.parse(value.toString()) as Outcome,
});

async function consumeWithKafkajs(): Promise<void> {
  const client = new kafkajs.Kafka({
    brokers: [stack.endpoints.kafka],
    sasl: { mechanism: 'plain', username: '$ConnectionString', password: stack.endpoints.hubs },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const consumer = client.consumer({ groupId: 'shop' });
  await consumer.connect();
  await consumer.subscribe({ topic: hubs.outcomes, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message: { value, headers } }) => {
      got.kafkajs.push(receivedOf(partition, value!, headers?.['content-type'] as Buffer));
      return Promise.resolve();
    },
  });
  closers.push(() => consumer.disconnect());
}

async function consumeWithPlatformatic(): Promise<void> {
  const consumer = new Consumer({
    ...{ clientId: 'shop-2', groupId: 'shop-2', bootstrapBrokers: [stack.endpoints.kafka] },
    sasl: { mechanism: 'PLAIN', username: '$ConnectionString', password: stack.endpoints.hubs },
  });
  const stream = await consumer.consume({ topics: [hubs.outcomes], mode: 'earliest', autocommit: true });
  stream.on('data', ({ partition, value, headers }) => {
    const contentType = [...headers].find(([name]) => name.toString() === 'content-type')?.[1];
    got.platformatic.push(receivedOf(partition, value, contentType));
  });
  closers.push(async () => {
    await stream.close();
    await consumer.close();
  });
}

beforeAll(async () => {
  stack = await startTestStack();
  kafka = await openKafkaClient(stack);
  await Promise.all([consumeWithKafkajs(), consumeWithPlatformatic()]);
}, startPatience);

afterAll(async () => {
  await Promise.allSettled(closers.map((close) => close()));
  await kafka.close();
  await stack.stop();
}, 180_000);

const png = (seed: number) => quarters(200, 150, seed).png().toBuffer();

async function produce(
  form: 'binary' | 'chunked' | 'bare',
  bytes: Buffer,
  change = {},
  eventId = randomUUID(),
) {
  const { imageId, records } = recordsFor(form, { owner, contentType: 'image/png', bytes, eventId });
  const changed = records.map((record) => ({ ...record, headers: { ...record.headers, ...change } }));
  const places = await kafka.send(changed);
  return { imageId: imageId!, eventId, places };
}

const typesOf = (received: readonly Received[]) =>
  received.map(({ event }) => event.type.replace('darkroom.image.', ''));
const ofImage = (imageId: string, client: keyof typeof got = 'kafkajs') =>
  got[client].filter(({ event }) => event.subject === imageId);

/** What both clients have got of an image, once it is so much. */
const told = (imageId: string, count = 1): Promise<readonly Received[]> =>
  eventually(
    () => {
      const both = (['kafkajs', 'platformatic'] as const).map((client) => ofImage(imageId, client));
      return both.every(({ length }) => length >= count) ? both[0] : undefined;
    },
    { within: 90_000 },
  );

describe('what became of an image is told to the application that sent it', () => {
  test('processed, with the names that both sides have for it', async () => {
    const { imageId, eventId } = await produce('binary', await png(1));
    const [one] = await told(imageId);
    expect(one!.contentType).toBe('application/cloudevents+json');
    expect(one!.event).toEqual({
      ...{ specversion: '1.0', source: '/api/images', type: 'darkroom.image.processed' },
      ...{ id: one!.event.id, subject: imageId, time: one!.event.time, sequence: one!.event.sequence },
      datacontenttype: 'application/json',
      data: { imageId, source: '/darkroom/cli', sourceId: eventId, key: owner, reason: null },
    });
  });

  test('rejected, and why', async () => {
    const { imageId } = await produce('binary', Buffer.from('no image at all'));
    const [{ event }] = (await told(imageId)) as [Received];
    expect(event.type).toBe('darkroom.image.rejected');
    expect(event.data.reason).toEqual({
      code: 'unsupported-type',
      message: expect.any(String) as unknown as string,
    });
  });

  test('failed, by the id of its chunks', async () => {
    const { imageId, eventId } = await produce('chunked', await png(2), { sha256: '0'.repeat(64) });
    const [{ event }] = (await told(imageId)) as [Received];
    expect(event.type).toBe('darkroom.image.failed');
    expect(event.data).toMatchObject({
      source: null,
      sourceId: eventId,
      reason: { code: 'digest-mismatch' },
    });
  });

  test('a bare record by its partition and offset, as the producer was told them', async () => {
    const { places } = await produce('bare', await png(3));
    const sourceId = `${places[0]!.partition}/${places[0]!.offset}`;
    const found = await eventually(() => got.kafkajs.find(({ event }) => event.data.sourceId === sourceId));
    expect(found.event.type).toBe('darkroom.image.processed');
  });

  test('a record that cannot be read', async () => {
    const { imageId } = await produce('binary', await png(4), { ce_type: 'com.example.other' });
    expect((await told(imageId))[0]!.event).toMatchObject({
      type: 'darkroom.image.failed',
      data: { reason: { code: 'message-unsupported' } },
    });
  });

  test('a record under the id of an image that came before, by its place and without anything of that image', async () => {
    const { imageId, eventId } = await produce('binary', await png(8));
    await told(imageId);
    const { places } = await produce('binary', await png(9), {}, eventId);
    const sourceId = `${places[0]!.partition}/${places[0]!.offset}`;
    const found = await eventually(
      () => got.kafkajs.find(({ event }) => event.type === 'darkroom.record.refused'),
      { within: 60_000 },
    );
    expect(found.event.data).toEqual({
      ...{ imageId: null, source: null, sourceId, key: null },
      reason: { code: 'id-reused', message: 'This id is of another image already' },
    });
    expect(JSON.stringify(found)).not.toMatch(new RegExp(`${imageId}|${eventId}|${owner}`));
    expect(typesOf(ofImage(imageId))).toEqual(['processed']);
  });

  test('erased, after what came before, in the same partition, without anybody asking', async () => {
    const { imageId } = await produce('binary', await png(5));
    await told(imageId);
    const answer = await stack.call('engineering', `/images/${imageId}`, { method: 'DELETE' });
    expect(answer.status).toBe(200);
    const { remaining } = (await answer.json()) as { remaining: { copy: string; until: string }[] };
    // At most a minute until the timer of the pipeline.
    const both = await told(imageId, 2);
    expect(typesOf(both)).toEqual(['processed', 'erased']);
    expect(both[1]!.partition).toBe(both[0]!.partition);
    expect(both[1]!.event.sequence > both[0]!.event.sequence).toBe(true);
    expect(both[1]!.event.data).toMatchObject({ key: owner, reason: { code: 'erasure' } });
    // The erasure named this copy, and when the hub drops it.
    const until = Date.parse(remaining.find(({ copy }) => copy === hubs.outcomes)!.until);
    expect(until).toBeGreaterThanOrEqual(Date.parse(both[1]!.event.time) + day);
    expect(until).toBeLessThan(Date.now() + day + 5 * minutes);
  }, 120_000);

  test('nothing of what came by HTTP: there the sender asks', async () => {
    const response = await stack.call('uploader', '/images', {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: Uint8Array.from(await png(6)),
    });
    const { images } = (await response.json()) as { images: { id: string }[] };
    const id = images[0]!.id;
    expect((await stack.outcome(id)).status).toBe('processed');
    const { imageId } = await produce('binary', await png(7));
    await told(imageId);
    expect(ofImage(id)).toEqual([]);
  });

  test(
    'each at least once, though the host and the hubs are killed while they are told',
    async () => {
      const sent: string[] = [];
      for (let seed = 10; seed < 40; seed += 1) {
        sent.push(
          (await produce('binary', seed % 5 === 0 ? Buffer.from(`none ${seed}`) : await png(seed))).imageId,
        );
        if (seed === 20 || seed === 35) await stack.kill('functions');
        if (seed === 28) await stack.kill('event-hubs');
      }
      for (const imageId of sent) {
        const received = await told(imageId);
        // Repeats are the same event once more; nothing else is told of it.
        expect(new Set(received.map(({ event }) => event.id)).size).toBe(1);
      }
    },
    5 * minutes,
  );
});
