import type { Processor } from '../ports.ts';

/** Bits of each channel that make a bin: near shades count as one colour. */
const bits = 4;
const shift = 8 - bits;
const seeThrough = 128;

/** The mean of the most frequent shade, as `#rrggbb`; null for a picture that is all transparent. */
export default {
  name: 'dominant-colour',
  version: '1',
  variants: [],
  needs: { width: 32, height: 32, fit: 'inside' },
  process: (image) => ({ facts: { dominantColour: dominantColour(image.bitmap.data) } }),
} satisfies Processor;

function dominantColour(rgba: Buffer): string | null {
  const bins = new Map<number, { count: number; red: number; green: number; blue: number }>();
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3]! < seeThrough) continue;
    const [red, green, blue] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    const key = ((red >> shift) << (2 * bits)) | ((green >> shift) << bits) | (blue >> shift);
    const bin = bins.get(key) ?? { count: 0, red: 0, green: 0, blue: 0 };
    bins.set(key, bin);
    bin.count++;
    bin.red += red;
    bin.green += green;
    bin.blue += blue;
  }
  const largest = [...bins.values()].reduce<
    { count: number; red: number; green: number; blue: number } | undefined
  >((best, bin) => (!best || bin.count > best.count ? bin : best), undefined);
  if (!largest) return null;
  const hex = (sum: number) =>
    Math.round(sum / largest.count)
      .toString(16)
      .padStart(2, '0');
  return `#${hex(largest.red)}${hex(largest.green)}${hex(largest.blue)}`;
}
