import sharp from 'sharp';
import { ssim } from 'ssim.js';
import type { Pixels } from './pixels.ts';

export interface Difference {
  /** Mean CIE76 ΔE over the picture; 2.3 is what a person just notices. */
  readonly deltaE: number;
  /** Structural similarity, 1 for the same picture. */
  readonly ssim: number;
}

/** Two pictures of one size, over white where they are transparent. */
export function difference(ours: Pixels, reference: Pixels): Difference {
  const [a, b] = [overWhite(ours), overWhite(reference)];
  let sum = 0;
  for (let at = 0; at < a.length; at += 4) {
    const [l1, a1, b1] = lab(a[at]!, a[at + 1]!, a[at + 2]!);
    const [l2, a2, b2] = lab(b[at]!, b[at + 1]!, b[at + 2]!);
    sum += Math.hypot(l1 - l2, a1 - a2, b1 - b2);
  }
  const { width, height } = ours;
  const as = (data: Uint8ClampedArray) => ({ data, width, height });
  const comparable = Math.min(width, height) >= 11;
  return { deltaE: (sum * 4) / a.length, ssim: comparable ? ssim(as(a), as(b)).mssim : 1 };
}

/** An encoded picture as pixels, of a size where one is given. */
export async function pixelsOf(file: Uint8Array, size?: { width: number; height: number }): Promise<Pixels> {
  const image = sharp(file, { limitInputPixels: false }).autoOrient().toColourspace('srgb').ensureAlpha();
  const scaled = size ? image.resize(size.width, size.height, { fit: 'fill' }) : image;
  const { data, info } = await scaled.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

function overWhite({ data }: Pixels): Uint8ClampedArray {
  const over = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      over[at + channel] = data[at + channel]! * alpha + 255 * (1 - alpha);
    }
    over[at + 3] = 255;
  }
  return over;
}

const linear = Float64Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});
const root = (share: number) =>
  share > 216 / 24389 ? Math.cbrt(share) : (share * 24389) / 27 / 116 + 16 / 116;

/** CIE L*a*b* of an sRGB colour, white point D65. */
function lab(red: number, green: number, blue: number): [number, number, number] {
  const [r, g, b] = [linear[red]!, linear[green]!, linear[blue]!];
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
