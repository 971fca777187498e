import { seeded } from '../support/random.ts';
import type { Bench, Case } from './harness/bench.ts';
import { openBareHost, type BareHost } from './support/bare-host.ts';
import { openBareLoop, type BareLoop } from './support/bare-loop.ts';
import { benchPicture } from './support/picture.ts';
import { typical } from './support/typical.ts';
import { openWholeStack, type Picture, type WholeStack } from './support/whole-stack.ts';

const megabyte = 1024 * 1024;
const pieces = 10;
/** What the memory of the host may grow by while 90 MB pass through that it need not hold. MB. */
const allowedGrowth = 40;

let stack: WholeStack | undefined;
let bare: BareLoop | undefined;
let bareHost: BareHost | undefined;

/** A JPEG's first bytes, then noise. */
function upTo(bytes: number): Picture {
  const random = seeded(7);
  const data = Buffer.allocUnsafe(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) data.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  data.set([0xff, 0xd8, 0xff, 0xe0]);
  return { bytes: data, contentType: 'image/jpeg' };
}

async function growthDuring(whole: WholeStack, work: () => Promise<unknown>): Promise<number> {
  const before = whole.hostMemory();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, whole.hostMemory());
  }, 10);
  await work();
  clearInterval(watch);
  return Math.max(0.1, peak - before);
}

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  // Without the pipeline behind it, whose work would be measured along.
  const [whole, loop] = [await openWholeStack({ services: ['upload', 'read'] }), await openBareLoop()];
  const host = await openBareHost(loop.parts);
  [stack, bare, bareHost] = [whole, loop, host];
  const small = image === undefined ? upTo(2 * megabyte) : await benchPicture(image);
  const [large, piece] = [upTo(90_000_000), upTo(5 * megabyte)];
  return [
    {
      name: `p50 of a POST of ${image === undefined ? '2 MB' : image} to its 202`,
      unit: 'ms',
      runs: 9,
      contenders: {
        darkroom: () => typical(() => whole.upload(small)),
        'bare upload and event': () => typical(() => loop.receive(small)),
        'bare function': () => typical(() => host.upload(small)),
      },
      compare: [
        ['darkroom', 'bare upload and event'],
        ['bare function', 'bare upload and event'],
        ['darkroom', 'bare function'],
      ],
    },
    {
      name: 'growth of the host while 90 MB pass through',
      unit: 'MB',
      runs: 5,
      contenders: {
        'declared length': () => growthDuring(whole, () => whole.upload(large)),
        chunked: () => growthDuring(whole, () => whole.upload(large, false)),
        allowed: () => Promise.resolve(allowedGrowth),
      },
      compare: [
        ['chunked', 'declared length'],
        ['chunked', 'allowed'],
      ],
    },
    {
      name: `resumable: ${pieces} pieces of 5 MB each, one after the other`,
      unit: 'ms',
      runs: 7,
      contenders: {
        darkroom: () => whole.uploadInPieces(piece, pieces),
        'bare blocks and event': () => loop.receiveInPieces(piece, pieces),
      },
      compare: [['darkroom', 'bare blocks and event']],
    },
  ];
}

export default {
  about: 'an upload to its 202 against the bare SDK calls, and the memory that a large one takes',
  cases,
  async close() {
    await bareHost?.close();
    await bare?.close();
    await stack?.close();
  },
} satisfies Bench;
