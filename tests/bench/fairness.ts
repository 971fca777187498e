import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordsFor } from '../../client/image-records.ts';
import { openImageProducer } from '../../client/image-producer.ts';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { jpegPhoto } from '../support/photos.ts';
import type { Bench, Case } from './harness/bench.ts';
import { quantile } from './harness/statistics.ts';
import { openWholeStack, type Picture, type WholeStack } from './support/whole-stack.ts';

const photos = 40;
/** Slow images that wait at any time. */
const waiting = 24;

let stack: WholeStack | undefined;

/** From acknowledged to processed, of photos that come one after another. Milliseconds, the 95th percentile. */
async function photoTimes(whole: WholeStack, photo: Picture): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < photos; index += 1) {
    const id = await whole.upload(photo);
    const acknowledged = performance.now();
    await eventually(async () => ((await statusOf(whole, id)) === 'processed' ? true : undefined), {
      within: 120_000,
      every: 5,
    });
    times.push(performance.now() - acknowledged);
  }
  console.error(`  photos, in order, ms: ${times.map(Math.round).join(' ')}`);
  return quantile(times, 0.95);
}

const statusOf = async ({ watcher }: WholeStack, id: string): Promise<string | undefined> => {
  const text = 'SELECT status FROM imaging.images WHERE image_id = $1';
  return (await watcher.query<{ status: string }>(text, [id])).rows[0]?.status;
};

/** The slowest that the limits let in: none of them shrinks while it is decoded, and none is over a record's size. */
async function slowPictures(): Promise<Picture[]> {
  const flat = sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#842' } });
  return [
    { contentType: 'image/webp', bytes: await flat.clone().webp({ effort: 0 }).toBuffer() },
    { contentType: 'image/png', bytes: await flat.clone().png({ progressive: true }).toBuffer() },
  ];
}

/** Keeps so many slow images of one owner waiting, until told to stop; answers how many were processed. */
async function besideSlowImages(whole: WholeStack, photo: Picture): Promise<number> {
  const pictures = await slowPictures();
  const slowOwner = randomUUID();
  const { kafka: broker, hubs: connectionString } = whole.stack.endpoints;
  const producer = openImageProducer({ broker, connectionString });
  const countOf = async (status: string) => {
    const text = 'SELECT count(*)::int AS n FROM imaging.images WHERE owner = $1 AND status = $2';
    return (await whole.watcher.query<{ n: number }>(text, [slowOwner, status])).rows[0]!.n;
  };
  const load = { sent: 0, isOver: false };
  const sending = (async () => {
    while (!load.isOver) {
      const ended = (await countOf('processed')) + (await countOf('rejected')) + (await countOf('failed'));
      for (; load.sent < ended + waiting; load.sent += 1) {
        const picture = pictures[load.sent % pictures.length]!;
        await producer.send(recordsFor('binary', { owner: slowOwner, ...picture }).records);
      }
      await sleep(100);
    }
  })();
  await eventually(async () => ((await countOf('stored')) >= waiting / 2 ? true : undefined), {
    within: 120_000,
  });
  const result = await photoTimes(whole, photo);
  const [left, processed] = [await countOf('stored'), await countOf('processed')];
  load.isOver = true;
  await sending;
  await producer.close();
  console.error(`  of the slow owner: ${load.sent} sent, ${processed} processed, ${left} waiting at the end`);
  if (left === 0 || (await countOf('rejected')) + (await countOf('failed')) > 0)
    throw new Error('The slow images did not wait, or were refused: nothing was measured.');
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
