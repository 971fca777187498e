import type { Processor } from '../ports.ts';

/** Bits of each channel that make a bin: near shades count as one colour. */
const bits = 4;
const shift = 8 - bits;

interface Bin {
  weight: number;
  red: number;
  green: number;
  blue: number;
}

/** The mean of the most frequent shade, as `#rrggbb`; null for a picture that is all transparent. */
export default {
  name: 'dominant-colour',
  version: '1',
  variants: [],
  needs: { width: 32, height: 32, fit: 'inside' },
  process: (image) => ({ facts: { dominantColour: dominantColour(image.bitmap.data) } }),
} satisfies Processor;

/** A pixel counts as much as it covers. */
function dominantColour(rgba: Buffer): string | null {
  const bins = new Map<number, Bin>();
  for (let at = 0; at < rgba.length; at += 4) {
    const [red, green, blue, weight] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!, rgba[at + 3]!];
    const key = ((red >> shift) << (2 * bits)) | ((green >> shift) << bits) | (blue >> shift);
    const bin = bins.get(key) ?? { weight: 0, red: 0, green: 0, blue: 0 };
    bins.set(key, bin);
    bin.weight += weight;
    bin.red += red * weight;
    bin.green += green * weight;
    bin.blue += blue * weight;
  }
  let largest: Bin | undefined;
  for (const bin of bins.values()) if (bin.weight > (largest?.weight ?? 0)) largest = bin;
  if (!largest) return null;
  const { weight, red, green, blue } = largest;
  const hex = (sum: number) =>
    Math.round(sum / weight)
      .toString(16)
      .padStart(2, '0');
  return `#${hex(red)}${hex(green)}${hex(blue)}`;
}
