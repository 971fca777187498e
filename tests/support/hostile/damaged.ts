import { below, seeded } from '../random.ts';
import { formats, sampleImage, type SampleFormat } from '../sample-images.ts';
import type { Hostile } from './crafted.ts';

/** Each type cut off at every hundredth of its length. */
export async function truncations(only: readonly SampleFormat[] = formats): Promise<Hostile[]> {
  const files = await Promise.all(only.map(async (format) => [format, await sampleImage(format)] as const));
  return files.flatMap(([format, file]) =>
    Array.from({ length: 99 }, (_, index) => ({
      name: `truncated: ${format} at ${index + 1} %`,
      bytes: file.subarray(0, Math.floor((file.length * (index + 1)) / 100)),
      ...(index < needed[format] ? { expected: cut } : {}),
    })),
  );
}

/** Per cent that must be there: a GIF may have its one frame before the cut, a TIFF ends with what nobody needs. */
const needed: Record<SampleFormat, number> = {
  jpeg: 95,
  png: 95,
  webp: 95,
  avif: 95,
  bmp: 95,
  tiff: 80,
  gif: 0,
};
const cut = ['image-truncated', 'image-corrupt', 'unsupported-type'];

/** Files with some bits turned over, endlessly: the seed decides which. */
export async function* flips(seed: number): AsyncGenerator<Hostile> {
  const random = seeded(seed);
  const files = await Promise.all(formats.map((format) => sampleImage(format)));
  for (let round = 0; ; round++) {
    const format = below(random, formats.length);
    const bytes = Buffer.from(files[format]!);
    const count = 1 + below(random, 8);
    // Half of them where it hurts most: in the headers.
    const range = below(random, 2) === 0 ? Math.min(bytes.length, 200) : bytes.length;
    for (let flip = 0; flip < count; flip++) {
      const at = below(random, range);
      bytes[at] = bytes[at]! ^ (1 << below(random, 8));
    }
    yield { name: `flipped: ${formats[format]!} number ${round} of seed ${seed}`, bytes };
  }
}
