/** The next bits of a stream as a number, the least significant first. */
export type Bits = (count: number) => number;

/** Of a number by its selector of two bits: what is added to how many bits, four times. */
type Distribution = readonly number[];

const number = (bits: Bits, distribution: Distribution): number => {
  const at = 2 * bits(2);
  return distribution[at]! + bits(distribution[at + 1]!);
};

const side: Distribution = [1, 9, 1, 13, 1, 18, 1, 30];
/** Width for a height, by ratio. */
const ratios = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
] as const;

/** SizeHeader (ISO/IEC 18181-1, D.2), of the image and of what it is to be shown as. */
export function size(bits: Bits): { width: number; height: number } {
  const isSmall = bits(1) === 1;
  const next = () => (isSmall ? (bits(5) + 1) * 8 : number(bits, side));
  const height = next();
  const ratio = ratios[bits(3) - 1];
  return { height, width: ratio ? Math.floor((height * ratio[0]) / ratio[1]) : next() };
}

const previewEighths: Distribution = [16, 0, 32, 0, 1, 5, 33, 9];
const previewSide: Distribution = [1, 6, 65, 8, 321, 10, 1345, 12];
const ticks: Distribution = [100, 0, 1000, 0, 1, 10, 1, 30];
const ticksPer: Distribution = [1, 0, 1001, 0, 1, 8, 1, 10];
const loops: Distribution = [0, 0, 0, 3, 0, 16, 0, 32];
const integerBits: Distribution = [8, 0, 10, 0, 12, 0, 1, 6];
const floatBits: Distribution = [32, 0, 16, 0, 24, 0, 1, 6];
const channelCount: Distribution = [0, 0, 1, 0, 2, 4, 1, 12];
const kinds: Distribution = [0, 0, 1, 0, 2, 4, 18, 6];
const shifts: Distribution = [0, 0, 3, 0, 4, 0, 1, 3];
const nameBytes: Distribution = [0, 0, 0, 4, 16, 5, 48, 10];
const filter: Distribution = [1, 0, 0, 2, 3, 4, 19, 8];
const [alpha, spotColour, colourFilter] = [0, 2, 5];

export interface JxlMetadata {
  readonly orientation: number;
  /** Of colour, and the extra ones. */
  readonly channels: number;
  /** More than 8 bits, or floating point. */
  readonly isDeep: boolean;
  /** Colours are in XYB, as the encoder makes them unless it is told to lose nothing; those of a JPEG are not. */
  readonly isLossy: boolean;
  readonly isPremultiplied: boolean;
}

const colours = 3;
const defaults = { orientation: 1, channels: colours, isDeep: false, isLossy: true, isPremultiplied: false };

/** ImageMetadata (D.3) up to where it says what colours are in. */
export function imageMetadata(bits: Bits): JxlMetadata {
  if (bits(1) === 1) return defaults;
  const orientation = bits(1) === 1 ? extraFields(bits) : 1;
  const isDeep = depth(bits);
  bits(1);
  const extra = number(bits, channelCount);
  let isPremultiplied = false;
  for (let left = extra; left > 0; left--) isPremultiplied = premultipliedAlpha(bits) || isPremultiplied;
  return { orientation, channels: colours + extra, isDeep, isLossy: bits(1) === 1, isPremultiplied };
}

/** Orientation, and over what follows it. */
function extraFields(bits: Bits): number {
  const orientation = bits(3) + 1;
  if (bits(1) === 1) size(bits);
  if (bits(1) === 1) {
    const sides = bits(1) === 1 ? previewEighths : previewSide;
    number(bits, sides);
    if (bits(3) === 0) number(bits, sides);
  }
  if (bits(1) === 1) {
    for (const each of [ticks, ticksPer, loops]) number(bits, each);
    bits(1);
  }
  return orientation;
}

/** Whether it is more than 8 bits. */
function depth(bits: Bits): boolean {
  const isFloat = bits(1) === 1;
  const perSample = number(bits, isFloat ? floatBits : integerBits);
  if (isFloat) bits(4);
  return isFloat || perSample > 8;
}

/** ExtraChannelInfo (D.3.6): whether it is of such alpha. */
function premultipliedAlpha(bits: Bits): boolean {
  if (bits(1) === 1) return false;
  const kind = number(bits, kinds);
  depth(bits);
  number(bits, shifts);
  for (let left = number(bits, nameBytes); left > 0; left--) bits(8);
  if (kind === alpha) return bits(1) === 1;
  if (kind === spotColour) for (let left = 4; left > 0; left--) bits(16);
  if (kind === colourFilter) number(bits, filter);
  return false;
}
