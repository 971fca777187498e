import { ssim } from 'ssim.js';
import { assertFits } from './decoding-cost.ts';
import type { Engine, Picture, Size } from './engine/port.ts';
import { inMemory } from './file/in-memory.ts';
import { inspect } from './inspect.ts';
import type { WorkerSettings } from './protocol.ts';

/** The window of SSIM: a picture that is smaller has none. Pixels. */
const windowSide = 11;

async function open(engine: Engine, settings: WorkerSettings, bytes: Buffer) {
  const file = inMemory(bytes);
  const header = inspect(file, settings);
  assertFits(header, [{ needs: 'full size' }], settings.memoryMb);
  return engine.open(file, header);
}

/** One colour channel over white, as a grey picture. */
function channelOf({ data, channels, width, height }: Picture, channel: number) {
  const grey = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; to < grey.length; from += channels, to += 4) {
    const alpha = channels === 4 ? data[from + 3]! / 255 : 1;
    grey.fill(data[from + channel]! * alpha + 255 * (1 - alpha), to, to + 3);
    grey[to + 3] = 255;
  }
  return { data: grey, width, height };
}

/**
 * The structural similarity (SSIM) of two encoded pictures, of animations their first frames: 1 for the same, the lowest of the
 * three colours, so that a wrong colour counts as a wrong edge does. The second is scaled to the size of the first.
 */
export async function likeness(
  engine: Engine,
  settings: WorkerSettings,
  [one, other]: readonly [Buffer, Buffer],
): Promise<number> {
  const [first, second] = [await open(engine, settings, one), await open(engine, settings, other)];
  const enlarged = Math.max(1, Math.ceil(windowSide / Math.min(first.width, first.height)));
  const size: Size = { width: first.width * enlarged, height: first.height * enlarged };
  const pictures: Picture[] = [];
  for (const image of [first, second]) {
    const { picture } = await image.decode({ width: image.width, height: image.height });
    pictures.push(await engine.scale(picture, size));
  }
  const [released, candidate] = pictures as [Picture, Picture];
  const ofChannels = [0, 1, 2].map(
    (channel) => ssim(channelOf(released, channel), channelOf(candidate, channel)).mssim,
  );
  return Math.min(...ofChannels);
}
