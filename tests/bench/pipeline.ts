import { eventually } from '../support/eventually.ts';
import type { Bench, Case } from './harness/bench.ts';
import { quantile } from './harness/statistics.ts';
import { openBareLoop, type BareLoop } from './support/bare-loop.ts';
import { pictureLoad } from './support/load.ts';
import { benchPicture } from './support/picture.ts';
import { typical } from './support/typical.ts';
import { openWholeStack, times, type Picture, type WholeStack } from './support/whole-stack.ts';

const imagesPerRun = 60;
const imagesAlone = 10;
/** Requests under way at once: a page that uploads an album. */
const uploadsAtOnce = 8;
const inFlight = 200;
const uploadsInFlight = 20;

let stack: WholeStack | undefined;
let bare: BareLoop | undefined;

const rateOf = async (images: number, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (images * 1000) / (performance.now() - began);
};

/** From the first byte that is sent until the last image is processed. */
const through = (whole: WholeStack, atOnce: number, send: () => Promise<unknown>) => () =>
  rateOf(imagesPerRun, async () => {
    const before = await whole.count('processed');
    await times(imagesPerRun, atOnce, send);
    await whole.until(before + imagesPerRun);
  });

/** Milliseconds from acknowledgement to processed, images one after the other. */
async function latencies(whole: WholeStack, send: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  for (let index = 0; index < imagesAlone; index++) {
    const before = await whole.count('processed');
    await send();
    const acknowledged = performance.now();
    await whole.until(before + 1);
    values.push(performance.now() - acknowledged);
  }
  return values;
}

async function bareLatencies(loop: BareLoop, picture: Picture): Promise<number[]> {
  const values: number[] = [];
  for (let index = 0; index < imagesAlone; index++) {
    const id = await loop.receive(picture);
    const acknowledged = performance.now();
    await loop.derive(id, picture);
    values.push(performance.now() - acknowledged);
  }
  return values;
}

/** Of one owner's uploads, while images of another wait to be processed. */
async function besideImages(whole: WholeStack, picture: Picture): Promise<number> {
  const load = pictureLoad(whole, [picture], inFlight);
  await load.isThere();
  const median = await typical(() => whole.upload(picture), uploadsInFlight);
  await load.stop();
  await untilIdle(whole);
  return median;
}

/** When nothing waits any more, in the hubs neither. */
async function untilIdle(whole: WholeStack): Promise<void> {
  let before = -1;
  const isIdle = async () => {
    const [waiting, processed] = [await whole.count('stored'), await whole.count('processed')];
    const wasSo = waiting === 0 && processed === before;
    before = processed;
    return wasSo ? true : undefined;
  };
  await eventually(isIdle, { within: 120_000, every: 1_000 });
}

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const picture = await benchPicture(image);
  const [whole, loop] = [await openWholeStack(), await openBareLoop()];
  [stack, bare] = [whole, loop];
  const latency = (share: number): Case => ({
    name: `acknowledged to processed, one image at a time, p${share * 100}`,
    unit: 'ms',
    runs: 5,
    warmUps: 1,
    contenders: {
      'from HTTP': async () => quantile(await latencies(whole, () => whole.upload(picture)), share),
      'from Kafka': async () => quantile(await latencies(whole, () => whole.produce(picture)), share),
      'bare loop': async () => quantile(await bareLatencies(loop, picture), share),
    },
    compare: [
      ['from HTTP', 'bare loop'],
      ['from Kafka', 'bare loop'],
    ],
  });
  const rates = { unit: 'images/s', runs: 7, warmUps: 1, compare: [['darkroom', 'bare loop']] } as const;
  return [
    {
      ...rates,
      name: 'from Kafka to processed',
      contenders: {
        darkroom: through(whole, 2, () => whole.produce(picture)),
        'bare loop': () => rateOf(imagesPerRun, () => loop.fromKafka(picture, imagesPerRun)),
      },
    },
    {
      ...rates,
      name: 'from HTTP to processed',
      contenders: {
        darkroom: through(whole, uploadsAtOnce, () => whole.upload(picture)),
        'bare loop': () => rateOf(imagesPerRun, () => loop.fromHttp(picture, imagesPerRun)),
      },
    },
    latency(0.5),
    latency(0.95),
    {
      name: `a POST to its 202 with ${inFlight} images in flight`,
      unit: 'ms',
      runs: 3,
      warmUps: 1,
      contenders: {
        'in flight': () => besideImages(whole, picture),
        idle: () => typical(() => whole.upload(picture), uploadsInFlight),
      },
      compare: [['in flight', 'idle']],
    },
  ];
}

export default {
  about: 'images per second from each door to processed, against a bare loop that does the same work',
  cases,
  async close() {
    await bare?.close();
    await stack?.close();
  },
} satisfies Bench;
