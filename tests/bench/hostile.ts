import { setTimeout as sleep } from 'node:timers/promises';
import { bombs, headerLies } from '../support/hostile-images.ts';
import type { Bench, Case } from './harness/bench.ts';
import { benchPicture } from './support/picture.ts';
import { eventually } from '../support/eventually.ts';
import { ownMegabytes, treeOf } from '../support/process-memory.ts';
import { openWholeStack, times, type WholeStack } from './support/whole-stack.ts';

const goodPerRun = 60;
/** One hostile file for so many good ones. */
const oneIn = 10;
/** A bomb of pixels has more than these. */
const maxPixels = 50_000_000;
/** What fits one record of the stream. */
const maxRecord = 900_000;
/** What hostile files may cost the stack in memory. MB. */
const allowedGrowth = 600;

/** Of every process that the stack is made of, in MB: they are this one's. */
const stackMemory = (): number =>
  treeOf(process.pid)
    .slice(1)
    .reduce((sum, pid) => sum + ownMegabytes(pid), 0);

let stack: WholeStack | undefined;

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const picture = await benchPicture(image);
  const all = [...(await bombs(maxPixels)), ...(await headerLies())];
  const hostile = all.filter(({ bytes, expected }) => bytes.length < maxRecord && !expected?.includes('ok'));
  const whole = await openWholeStack();
  stack = whole;
  // Idle is a stack that has its workers: some ordinary images went through it.
  await times(20, 2, () => whole.produce(picture));
  await whole.until(20);
  await sleep(2000);
  const idle = stackMemory();
  let turn = 0;

  const rate = async (mixed: boolean): Promise<number> => {
    const before = await whole.count('processed');
    const began = performance.now();
    await times(goodPerRun, 2, async (index) => {
      await whole.produce(picture);
      if (!mixed || index % oneIn !== 0) return;
      const { bytes } = hostile[turn++ % hostile.length]!;
      await whole.produce({ bytes, contentType: 'image/png' });
    });
    await whole.until(before + goodPerRun);
    return (goodPerRun * 1000) / (performance.now() - began);
  };

  /** All of them, two at once, until each has its answer: what the stack holds at most above what it held when it was idle. */
  const growth = async (): Promise<number> => {
    const before = await answered();
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, stackMemory());
    }, 20);
    await times(all.length, 2, (index) =>
      whole.produce({ bytes: all[index]!.bytes, contentType: 'image/png' }),
    );
    await eventually(async () => ((await answered()) >= before + all.length ? true : undefined), {
      within: 10 * 60_000,
    });
    clearInterval(watch);
    return Math.max(0.1, peak - idle);
  };
  const answered = async () =>
    (await whole.count('rejected')) + (await whole.count('failed')) + (await whole.count('processed'));

  return [
    {
      name: `memory of the whole stack above idle while ${all.length} hostile files are answered`,
      unit: 'MB',
      runs: 3,
      warmUps: 0,
      contenders: { darkroom: growth, allowed: () => Promise.resolve(allowedGrowth) },
      compare: [['darkroom', 'allowed']],
    },
    {
      name: `good images per second, with one hostile file in ${oneIn}`,
      unit: 'images/s',
      runs: 7,
      warmUps: 1,
      contenders: { 'with hostile files': () => rate(true), 'good ones alone': () => rate(false) },
      compare: [['with hostile files', 'good ones alone']],
    },
  ];
}

export default {
  about: 'what hostile files among good ones cost the good ones',
  cases,
  close: async () => stack?.close(),
} satisfies Bench;
