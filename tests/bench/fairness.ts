import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { jpegPhoto } from '../support/photos.ts';
import type { Bench, Case } from './harness/bench.ts';
import { quantile } from './harness/statistics.ts';
import { pictureLoad, requestLoad, type Load } from './support/load.ts';
import { openWholeStack, type Picture, type WholeStack } from './support/whole-stack.ts';

const photos = 40;
/** Images of the other owner that wait at any time; of ordinary ones more, since they pass faster. */
const waiting = { slow: 24, ordinary: 200 };
/** Requests of the other owner under way at any time. */
const requests = 16;

let stack: WholeStack | undefined;

/** The 95th percentile of what `measured` answers, one after another, each printed. Milliseconds. */
async function p95(measured: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < photos; index += 1) times.push(await measured());
  console.error(`  in order, ms: ${times.map(Math.round).join(' ')}`);
  return quantile(times, 0.95);
}

/** Of a photo, from acknowledged to processed. */
async function processingTime(whole: WholeStack, photo: Picture): Promise<number> {
  const id = await whole.upload(photo);
  const acknowledged = performance.now();
  const text = 'SELECT status FROM imaging.images WHERE image_id = $1';
  const status = async () => (await whole.watcher.query<{ status: string }>(text, [id])).rows[0]?.status;
  await eventually(async () => ((await status()) === 'processed' ? true : undefined), {
    ...{ within: 120_000, every: 5 },
  });
  return performance.now() - acknowledged;
}

async function timeOf(request: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await request();
  return performance.now() - begun;
}

async function beside(load: Load, measured: () => Promise<number>): Promise<number> {
  await load.isThere();
  const result = await p95(measured);
  console.error(`  of the other owner: ${await load.stop()}`);
  return result;
}

/** The slowest that the limits let in: none of them shrinks while it is decoded, and none is over a record's size. */
async function slowPictures(): Promise<Picture[]> {
  const flat = sharp({ create: { width: 7000, height: 7000, channels: 3, background: '#842' } });
  return [
    { contentType: 'image/webp', bytes: await flat.clone().webp({ effort: 0 }).toBuffer() },
    { contentType: 'image/png', bytes: await flat.clone().png({ progressive: true }).toBuffer() },
  ];
}

async function cases(): Promise<Case[]> {
  const whole = await openWholeStack({ settings: { DARKROOM_PROCESSING_WORKERS: '2' } });
  stack = whole;
  const photo = { bytes: await jpegPhoto(4032, 3024), contentType: 'image/jpeg' };
  const small = { bytes: await jpegPhoto(2000, 1500), contentType: 'image/jpeg' };
  const cut = { ...small, bytes: small.bytes.subarray(0, small.bytes.length / 2) };
  const slow = await slowPictures();
  const other = await whole.uploadsOf('uploader2');
  const growth = (name: string, measured: () => Promise<number>, load: () => Load): Case => ({
    name: `one owner's ${name} (p95)`,
    ...{ unit: 'growth', runs: 1, warmUps: 0 },
    contenders: { idle: () => p95(measured), beside: () => beside(load(), measured) },
    compare: [['beside', 'idle']],
  });
  const processed = () => processingTime(whole, photo);
  const piece = { ...small, bytes: small.bytes.subarray(0, 100_000) };
  return [
    growth('photo from acknowledged to processed, while another sends the slowest images', processed, () =>
      pictureLoad(whole, slow, waiting.slow),
    ),
    growth('photo from acknowledged to processed, while another sends ordinary photos', processed, () =>
      pictureLoad(whole, [small], waiting.ordinary),
    ),
    growth(
      'photo from acknowledged to processed, while another sends files that are refused',
      processed,
      () => pictureLoad(whole, [cut], waiting.ordinary),
    ),
    growth(
      'photo to its acknowledgement, while another posts photos',
      () => timeOf(() => whole.upload(photo)),
      () => requestLoad(() => other.upload(small), requests),
    ),
    growth(
      'resumable upload to its acknowledgement, while another sends such uploads',
      () => timeOf(() => whole.uploadInPieces(piece, 3)),
      () => requestLoad(() => other.uploadInPieces(piece, 3), requests),
    ),
  ];
}

export default {
  about: "how much longer a photo takes while somebody else's images wait, slow, many or refused",
  cases,
  close: async () => stack?.close(),
} satisfies Bench;
