import { bombs, headerLies } from '../support/hostile-images.ts';
import type { Bench, Case } from './harness/bench.ts';
import { benchPicture } from './support/picture.ts';
import { openWholeStack, times, type WholeStack } from './support/whole-stack.ts';

const goodPerRun = 60;
/** One hostile file for so many good ones. */
const oneIn = 10;
/** A bomb of pixels has more than these. */
const maxPixels = 50_000_000;
/** What fits one record of the stream. */
const maxRecord = 900_000;

let stack: WholeStack | undefined;

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const picture = await benchPicture(image);
  const all = [...(await bombs(maxPixels)), ...(await headerLies())];
  const hostile = all.filter(({ bytes, expected }) => bytes.length < maxRecord && !expected?.includes('ok'));
  const whole = await openWholeStack();
  stack = whole;
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

  return [
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
