import { setTimeout as sleep } from 'node:timers/promises';
import { jpegPhoto } from '../support/photos.ts';
import type { Bench, Case } from './harness/bench.ts';
import { median } from './harness/statistics.ts';
import { benchPicture } from './support/picture.ts';
import { openWholeStack, times, type WholeStack } from './support/whole-stack.ts';

const backlog = 3_000;
/** Images around which the memory is looked at: garbage comes and goes, so one look would tell nothing. */
const windows = { first: [300, 700], last: [2_600, backlog] } as const;
const producersAtOnce = 4;

let stack: WholeStack | undefined;

interface Measured {
  readonly first: number;
  readonly last: number;
}

/** All images are in the hub long before they are processed; the memory of the host is read the whole time. */
async function work(whole: WholeStack, send: () => Promise<unknown>): Promise<Measured> {
  const before = await whole.count('processed');
  const looks: { readonly done: number; readonly memory: number }[] = [];
  const sending = times(backlog, producersAtOnce, send);
  let done = 0;
  while (done < backlog) {
    await sleep(200);
    done = (await whole.count('processed')) - before;
    looks.push({ done, memory: whole.hostMemory() });
  }
  await sending;
  const within = ([from, to]: readonly [number, number]) =>
    median(looks.filter(({ done }) => done >= from && done <= to).map(({ memory }) => memory));
  return { first: within(windows.first), last: within(windows.last) };
}

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const picture =
    image === undefined
      ? { bytes: await jpegPhoto(600, 400), contentType: 'image/jpeg' }
      : await benchPicture(image);
  const whole = await openWholeStack();
  stack = whole;
  // Both contenders are of one backlog, which whoever comes first begins.
  let pending: Promise<Measured> | undefined;
  const shared = async (): Promise<Measured> => {
    const mine = pending;
    if (mine !== undefined) {
      pending = undefined;
      return mine;
    }
    pending = work(whole, () => whole.produce(picture));
    return pending;
  };
  return [
    {
      name: `memory of the host over a backlog of ${backlog} images, in MB`,
      unit: 'growth',
      runs: 1,
      warmUps: 0,
      contenders: {
        'at the end': async () => (await shared()).last,
        'after the first 500': async () => (await shared()).first,
      },
      compare: [['at the end', 'after the first 500']],
    },
  ];
}

export default {
  about: 'memory of the functions host over a backlog of 3,000 images',
  cases,
  close: async () => stack?.close(),
} satisfies Bench;
