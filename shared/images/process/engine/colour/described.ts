import {
  hybridLogGamma,
  perceptualQuantizer,
  primariesOf,
  referenceWhite,
  srgbPrimaries,
  srgbTransfer,
  transferNumbers,
  transfers,
  type Primaries,
  type Transfer,
} from './cicp.ts';
import { conversion, luminance, type Matrix } from './primaries.ts';
import { convertSamples, readSamples, type PixelReader } from './samples.ts';
import { encodeSrgb } from './simple-spaces.ts';
import { toneMap } from './tone-map.ts';

/** A colour space as numbers (ITU-T H.273) or chromaticities describe it. */
export interface Described {
  readonly primaries: Primaries;
  readonly transfer: Transfer;
  /** For HDR: the gain that brings light down to what a screen has, and the system gamma of HLG. */
  readonly gain?: (brightest: number) => number;
  readonly systemGamma?: number;
}

/** HLG on a screen of a thousand candelas (ITU-R BT.2100). */
const hlgPeak = 1000;
const hlgSystemGamma = 1.2;

/** Undefined for sRGB, and for numbers that say nothing. `peakNits` is the content's own, where it tells. */
export function describedBy(primaries: number, transfer: number, peakNits?: number): Described | undefined {
  const chromaticities = primariesOf[primaries] ?? srgbPrimaries;
  if (transfer === transferNumbers.perceptualQuantizer) {
    return { primaries: chromaticities, transfer: perceptualQuantizer, gain: toneMap(peakNits) };
  }
  if (transfer === transferNumbers.hybridLogGamma) {
    const light: Transfer = (signal) => hybridLogGamma(signal);
    return {
      primaries: chromaticities,
      transfer: light,
      gain: toneMap(hlgPeak),
      systemGamma: hlgSystemGamma,
    };
  }
  const curve = transfers[transfer] ?? srgbTransfer;
  if (curve === srgbTransfer && chromaticities === srgbPrimaries) return undefined;
  return { primaries: chromaticities, transfer: curve };
}

const levels = 65_536;

/** Pixels of such a space as sRGB. 16 bits are read, since HDR has more than eight; `channels` is 1 for grey. */
export function describedReader(space: Described): PixelReader {
  const light = Float32Array.from({ length: levels }, (_, level) => space.transfer(level / (levels - 1)));
  const matrix = conversion(space.primaries, srgbPrimaries);
  const weights = luminance(space.primaries);
  return async (pipeline) => {
    const samples = await readSamples(pipeline, 'rgb16', 'ushort');
    const hasAlpha = samples.channels === 4;
    const colour = [0, 0, 0];
    return convertSamples(
      samples,
      (data, from, out, to) => {
        for (let channel = 0; channel < 3; channel++) colour[channel] = light[data[from + channel]!]!;
        if (space.systemGamma !== undefined) display(colour, weights, space.systemGamma);
        if (space.gain) scale(colour, space.gain(Math.max(...colour)));
        write(colour, matrix, out, to);
        if (hasAlpha) out[to + 3] = data[from + 3]! / 257;
      },
      hasAlpha,
    );
  };
}

/** From the light of a scene to that of the screen which is to show it, in units of reference white. */
function display(colour: number[], weights: readonly number[], systemGamma: number): void {
  const luma = weights[0]! * colour[0]! + weights[1]! * colour[1]! + weights[2]! * colour[2]!;
  scale(colour, (luma ** (systemGamma - 1) * hlgPeak) / referenceWhite);
}

function scale(colour: number[], factor: number): void {
  for (let channel = 0; channel < 3; channel++) colour[channel]! *= factor;
}

function write(colour: readonly number[], matrix: Matrix, out: Uint8ClampedArray, to: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const row = matrix[channel]!;
    out[to + channel] = 255 * encodeSrgb(row[0] * colour[0]! + row[1] * colour[1]! + row[2] * colour[2]!);
  }
}
