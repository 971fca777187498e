import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { recordsFor, type Form } from '../../client/image-records.ts';
import type { ImageDetail } from '../../client/api-types.ts';
import { personas } from '../../infra/local/identity/personas.ts';
import { hubs } from '../../shared/stream/hubs.ts';
import { eventually } from '../support/eventually.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { colourDistance, corners, quarterColours, quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

let stack: TestStack;
let kafka: Awaited<ReturnType<typeof openKafkaClient>>;
const owner = personas['uploader']!.oid;

beforeAll(async () => {
  stack = await startTestStack();
  kafka = await openKafkaClient(stack);
}, startPatience);

afterAll(async () => {
  await kafka.close();
  await stack.stop();
}, 180_000);

async function upload(bytes: Uint8Array, headers: Record<string, string>): Promise<string> {
  const response = await stack.call('uploader', '/images', {
    method: 'POST',
    body: Buffer.from(bytes),
    headers,
  });
  expect(response.status).toBe(202);
  const { images } = (await response.json()) as { images: { id: string }[] };
  return images[0]!.id;
}

const variantOf = (image: ImageDetail, name: string) => {
  const variant = image.variants.find((one) => one.name === name);
  if (!variant) throw new Error(`${image.id} has no ${name}: ${JSON.stringify(image)}`);
  return variant;
};

async function bytesOf(url: string): Promise<Buffer> {
  const response = await fetch(new URL(url, stack.endpoints.api));
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** Nothing turned, mirrored, cropped at the side or squashed. */
async function expectUpright(bytes: Buffer): Promise<void> {
  const colours = await quarterColours(bytes);
  for (const [place, colour] of Object.entries(corners)) {
    expect(colourDistance(colours[place as keyof typeof corners], colour)).toBeLessThan(24);
  }
}

/** The image of this owner that came over Kafka and has these bytes, whose id its producer cannot know. */
const findBySize = (width: number, height: number) =>
  eventually(
    async () => {
      const response = await stack.call('engineering', '/images?limit=100');
      const { images } = (await response.json()) as { images: ImageDetail[] };
      return images.find((one) => one.width === width && one.height === height);
    },
    { within: 60_000 },
  );

describe('an image that is uploaded over HTTP', () => {
  test('has web, preview and thumbnail in the sizes of the standard set, upright and whole', async () => {
    const original = await quarters(2400, 1600).jpeg({ quality: 90 }).toBuffer();
    const image = await stack.outcome(await upload(original, { 'content-type': 'image/jpeg' }));
    expect(image).toMatchObject({ status: 'processed', source: 'http', width: 2400, height: 1600 });
    expect(variantOf(image, 'web')).toMatchObject({ width: 1600, height: 1067 });
    expect(variantOf(image, 'preview')).toMatchObject({ width: 720, height: 480 });
    expect(variantOf(image, 'thumbnail')).toMatchObject({ width: 160, height: 160 });
    const standard = ['web', 'preview', 'thumbnail'].map((name) => variantOf(image, name));
    for (const { url, width, height } of standard) {
      const bytes = await bytesOf(url);
      expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
      await expectUpright(bytes);
    }
    const raw = await stack.call('uploader', `/images/${image.id}/raw`);
    expect(Buffer.from(await raw.arrayBuffer()).equals(original)).toBe(true);
  });

  test('is turned upright as its EXIF orientation says, and its derivatives have no EXIF', async () => {
    const turned = await quarters(900, 600).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await stack.outcome(await upload(turned, { 'content-type': 'image/jpeg' }));
    expect(image).toMatchObject({ status: 'processed', width: 900, height: 600 });
    const bytes = await bytesOf(variantOf(image, 'preview').url);
    await expectUpright(bytes);
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  });

  test('is the same image when it is sent again with the same Idempotency-Key', async () => {
    const bytes = await quarters(300, 200, 5).png().toBuffer();
    const headers = { 'content-type': 'image/png', 'idempotency-key': 'once-and-again' };
    const [first, second] = [await upload(bytes, headers), await upload(bytes, headers)];
    expect(second).toBe(first);
    expect((await stack.outcome(first)).status).toBe('processed');
  });

  test('may come with others in one form', async () => {
    const form = new FormData();
    const png = await quarters(320, 240, 11).png().toBuffer();
    const gif = await quarters(240, 320, 12).gif().toBuffer();
    form.append('one', new Blob([Uint8Array.from(png)], { type: 'image/png' }), 'one.png');
    form.append('two', new Blob([Uint8Array.from(gif)], { type: 'image/gif' }), 'two.gif');
    const response = await stack.call('uploader', '/images', { method: 'POST', body: form });
    expect(response.status).toBe(202);
    const { images } = (await response.json()) as { images: { id: string }[] };
    expect(images).toHaveLength(2);
    for (const { id } of images) expect((await stack.outcome(id)).status).toBe('processed');
  });
});

describe('an image that comes over Kafka', () => {
  test.each(['binary', 'structured', 'chunked'] as const)(
    'in the %s form is processed for its key',
    async (form: Form) => {
      const bytes = await quarters(800, 600, form.length).png().toBuffer();
      const { imageId, records } = recordsFor(form, { owner, contentType: 'image/png', bytes });
      await kafka.send(records);
      const image = await stack.outcome(imageId!);
      expect(image).toMatchObject({ status: 'processed', source: 'kafka', width: 800, height: 600 });
      expect((await stack.call('uploader', `/images/${image.id}`)).status).toBe(200);
      expect((await stack.call('uploader2', `/images/${image.id}`)).status).toBe(404);
      await expectUpright(await bytesOf(variantOf(image, 'preview').url));
    },
  );

  test('over 1 MB travels in several chunks, in any order', async () => {
    const noise = {
      create: {
        width: 1500,
        height: 1000,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    } as const;
    const bytes = await sharp(noise).png().toBuffer();
    const { imageId, records } = recordsFor('chunked', { owner, contentType: 'image/png', bytes });
    expect(records.length).toBeGreaterThan(3);
    await kafka.send(records.toReversed());
    expect(await stack.outcome(imageId!)).toMatchObject({ status: 'processed', bytes: bytes.length });
  });

  test('as bare bytes with nothing else is processed', async () => {
    const bytes = await quarters(811, 607).jpeg().toBuffer();
    await kafka.send(recordsFor('bare', { owner, contentType: '', bytes }).records);
    const { id } = await findBySize(811, 607);
    expect(await stack.outcome(id)).toMatchObject({
      status: 'processed',
      source: 'kafka',
      contentType: 'image/jpeg',
    });
  });

  test('from kcat, a librdkafka client, is processed', async () => {
    const file = `${stack.stateDir}/from-kcat.png`;
    await writeFile(file, await quarters(433, 299).png().toBuffer());
    await promisify(execFile)('kcat', [
      ...['-P', '-b', stack.endpoints.kafka, '-t', hubs.stream, '-k', owner],
      ...['-X', 'security.protocol=SASL_PLAINTEXT', '-X', 'sasl.mechanism=PLAIN'],
      ...['-X', 'sasl.username=$ConnectionString', '-X', `sasl.password=${stack.endpoints.hubs}`],
      file,
    ]);
    const { id } = await findBySize(433, 299);
    expect((await stack.outcome(id)).status).toBe('processed');
  });

  test('from an Event Hubs client is processed as well', async () => {
    const producer = new EventHubProducerClient(stack.endpoints.hubs, hubs.stream);
    await producer.sendBatch([{ body: await quarters(517, 389).png().toBuffer() }], { partitionKey: owner });
    await producer.close();
    const { id } = await findBySize(517, 389);
    expect((await stack.outcome(id)).status).toBe('processed');
  });
});
