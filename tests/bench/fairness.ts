import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordsFor } from '../../client/image-records.ts';
import { openImageProducer } from '../../client/image-producer.ts';
import { deflateSync } from 'node:zlib';
import { pngChunk } from '../support/hostile/parts.ts';
import { be32, hex, join } from '../support/image-bytes.ts';
import { jpegPhoto } from '../support/photos.ts';
import type { Bench, Case } from './harness/bench.ts';
import { quantile } from './harness/statistics.ts';
import { openWholeStack, type Picture, type WholeStack } from './support/whole-stack.ts';

const photos = 40;
/** Slow images that wait at any time: more than all workers finish while the photos come. */
const waiting = 24;

let stack: WholeStack | undefined;

/** From acknowledged to processed, of photos that come one after another. Milliseconds, the 95th percentile. */
async function photoTimes(whole: WholeStack, photo: Picture): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < photos; index += 1) {
    const id = await whole.upload(photo);
    const acknowledged = performance.now();
    for (;;) {
      const found = await whole.watcher.query(
        'SELECT 1 FROM imaging.images WHERE image_id = $1 AND status = $2',
        [id, 'processed'],
      );
      if (found.rowCount === 1) break;
      await sleep(5);
    }
    times.push(performance.now() - acknowledged);
  }
  return quantile(times, 0.95);
}

/** A PNG of 8 bits of grey: each row is its filter and one pixel. */
const onePixelWide = (height: number): Buffer =>
  join(
    hex('89504e470d0a1a0a'),
    pngChunk('IHDR', join(be32(1), be32(height), hex('08 00 00 00 00'))),
    pngChunk('IDAT', deflateSync(Buffer.alloc(2 * height))),
    pngChunk('IEND', Buffer.alloc(0)),
  );

/** The slowest legal image, again and again, from one owner. */
async function besideSlowImages(whole: WholeStack, photo: Picture): Promise<number> {
  const slow = { owner: randomUUID(), contentType: 'image/png', bytes: onePixelWide(50_000_000) };
  const { kafka: broker, hubs: connectionString } = whole.stack.endpoints;
  const producer = openImageProducer({ broker, connectionString });
  const before = await whole.count('stored');
  for (let index = 0; index < waiting; index += 1) await producer.send(recordsFor('binary', slow).records);
  await whole.until(before + waiting - 2, 'stored');
  const result = await photoTimes(whole, photo);
  await producer.close();
  return result;
}

async function cases(): Promise<Case[]> {
  const whole = await openWholeStack({ settings: { DARKROOM_PROCESSING_WORKERS: '2' } });
  stack = whole;
  const photo = { bytes: await jpegPhoto(4032, 3024), contentType: 'image/jpeg' };
  return [
    {
      name: "one owner's photo from acknowledged to processed (p95), while another sends the slowest images",
      unit: 'growth',
      runs: 1,
      warmUps: 0,
      contenders: {
        idle: () => photoTimes(whole, photo),
        'beside slow images': () => besideSlowImages(whole, photo),
      },
      compare: [['beside slow images', 'idle']],
    },
  ];
}

export default {
  about: "how much longer a photo takes while somebody else's slow images wait",
  cases,
  close: async () => stack?.close(),
} satisfies Bench;
