import type { Converter } from './samples.ts';

/** Which numbers stand for black and white; there is one colour, or red, green and blue. Alpha goes from 0 to 1. */
interface Range {
  readonly black: number;
  readonly white: number;
  readonly isGrey: boolean;
  readonly hasAlpha?: boolean;
}

export const scaled = ({ black, white, isGrey, hasAlpha = false }: Range): Converter => {
  const factor = 255 / (white - black);
  const alphaAt = isGrey ? 1 : 3;
  return (samples, from, out, to) => {
    for (let channel = 0; channel < 3; channel++) {
      out[to + channel] = (samples[isGrey ? from : from + channel]! - black) * factor;
    }
    if (hasAlpha) out[to + 3] = samples[from + alphaAt]! * 255;
  };
};

/** ITU-R BT.601 with full range, as TIFF has it unless it says otherwise. */
export const yCbCr: Converter = (samples, from, out, to) => {
  const [luma, blue, red] = [samples[from]!, samples[from + 1]! - 128, samples[from + 2]! - 128];
  out[to] = luma + 1.402 * red;
  out[to + 1] = luma - 0.344136 * blue - 0.714136 * red;
  out[to + 2] = luma + 1.772 * blue;
};

const whiteD50 = [0.9642, 1, 0.8249] as const;
/** Bradford-adapted, from XYZ at D50 to linear sRGB. */
const toLinear = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;
const cubed = (t: number) => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));

/** The share of full light that an sRGB value stands for, the other way round; 0 to 1. */
export const encodeSrgb = (light: number): number =>
  light <= 0.0031308 ? Math.max(0, light) * 12.92 : 1.055 * Math.min(1, light) ** (1 / 2.4) - 0.055;

const signedByte = (value: number): number => (value << 24) >> 24;

/** CIE L*a*b* in 8 bits (TIFF 6.0, section 23): a and b are signed, which libvips leaves to us. */
export const lab8: Converter = (samples, from, out, to) => {
  const [l, a, b] = [samples[from]! / 2.55, signedByte(samples[from + 1]!), signedByte(samples[from + 2]!)];
  writeLab([l, a, b], out, to);
};

/** Of 16 bits as libvips has it: all are signed, and L* has lost its lowest bit to that. */
export const lab16: Converter = (samples, from, out, to) => {
  const [l, a, b] = [(samples[from]! * 100) / 32_767, samples[from + 1]! / 256, samples[from + 2]! / 256];
  writeLab([l, a, b], out, to);
};

/** The same with a channel behind it that is alpha. */
export const withAlpha =
  (convert: Converter, largest: number): Converter =>
  (samples, from, out, to) => {
    convert(samples, from, out, to);
    out[to + 3] = ((samples[from + 3]! & largest) * 255) / largest;
  };

function writeLab([l, a, b]: readonly [number, number, number], out: Uint8ClampedArray, to: number): void {
  const y = (l + 16) / 116;
  const [x, z] = [y + a / 500, y - b / 200];
  const xyz = [cubed(x) * whiteD50[0], cubed(y) * whiteD50[1], cubed(z) * whiteD50[2]] as const;
  for (const [channel, row] of toLinear.entries()) {
    out[to + channel] = 255 * encodeSrgb(row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]);
  }
}
