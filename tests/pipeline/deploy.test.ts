import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { openKafkaClient } from './support/kafka-client.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

let stack: TestStack;
let kafka: Awaited<ReturnType<typeof openKafkaClient>>;
const processed: string[] = [];

beforeAll(async () => {
  stack = await startTestStack({
    onLine(_component, line) {
      const [, imageId] = /image\.processed.*imageId\W+([\da-f-]{36})/.exec(line) ?? [];
      if (imageId !== undefined) processed.push(imageId);
    },
  });
  kafka = await openKafkaClient(stack);
}, startPatience);

afterAll(async () => {
  await kafka.close();
  await stack.stop();
}, startPatience);

/** A picture that no other test image has the bytes of. */
const picture = (index: number): Promise<Buffer> =>
  sharp({
    create: { width: 640, height: 400, channels: 3, background: { r: index % 256, g: index >> 8, b: 90 } },
  })
    .jpeg()
    .toBuffer();

test('a deployment under load fails no request, loses no image and has none processed twice', async () => {
  const load = { isOver: false };
  const ids: string[] = [];
  const refused: unknown[] = [];
  const upload = async (index: number) => {
    const body = Buffer.from(await picture(index));
    const headers = { 'content-type': 'image/jpeg' };
    const answer = await stack.call('uploader', '/images', { method: 'POST', body, headers }).catch(String);
    if (typeof answer === 'string' || answer.status !== 202) return void refused.push(answer);
    const { images } = (await answer.json()) as { images: { id: string }[] };
    ids.push(images[0]!.id);
  };
  const clients = Array.from({ length: 3 }, async (_, client) => {
    for (let index = 0; !load.isOver; index += 1) {
      await upload(index * 3 + client);
      await sleep(100);
    }
  });
  let sent = 0;
  const producer = (async () => {
    for (; !load.isOver; sent += 1) {
      await kafka.send([{ key: `deploy-${sent}`, value: await picture(60_000 + sent), headers: {} }]);
      await sleep(300);
    }
  })();
  for (let release = 0; release < 3; release += 1) {
    await sleep(1500);
    await stack.deploy();
  }
  load.isOver = true;
  await Promise.all([...clients, producer]);
  expect(refused).toEqual([]);
  expect(Math.min(ids.length, sent)).toBeGreaterThan(5);
  const expected = ids.length + sent;
  await eventually(() => Promise.resolve(new Set(processed).size >= expected ? true : undefined), {
    within: 120_000,
  });
  expect(ids.filter((id) => !processed.includes(id))).toEqual([]);
  // What would come a second time comes with the batch that was open.
  await sleep(2000);
  expect([processed.length, new Set(processed).size]).toEqual([expected, expected]);
}, 300_000);
