import { gamma, srgbPrimaries, type Primaries } from './cicp.ts';
import { describedBy, type Described } from './described.ts';

const usualGamma = 45_455;
const chromaticityUnit = 100_000;

/**
 * What the colour chunks of a PNG say (third edition, 4.3): cICP before iCCP before sRGB before gAMA with cHRM. Undefined
 * for sRGB and for a profile. `data` is of the first chunk of a type.
 */
export function pngColour(data: (type: string) => Buffer | undefined): Described | undefined {
  const cicp = data('cICP');
  if (cicp && cicp.length >= 4)
    return describedBy(cicp[0]!, cicp[1]!, peakNits(data('cLLI') ?? data('cLLi')));
  const gama = data('gAMA');
  if (data('iCCP') || data('sRGB') || !gama || gama.length < 4) return undefined;
  const exponent = gama.readUInt32BE(0) / chromaticityUnit;
  const chrm = data('cHRM');
  // Without chromaticities this is how programs say sRGB.
  if (exponent <= 0 || (!chrm && gama.readUInt32BE(0) === usualGamma)) return undefined;
  return { primaries: chromaticities(chrm), transfer: gamma(1 / exponent) };
}

/** cLLI: the brightest pixel, in units of 0.0001 candelas a square metre. */
const peakNits = (light: Buffer | undefined): number | undefined =>
  light && light.length >= 4 && light.readUInt32BE(0) > 0 ? light.readUInt32BE(0) / 10_000 : undefined;

function chromaticities(chrm: Buffer | undefined): Primaries {
  if (!chrm || chrm.length < 32) return srgbPrimaries;
  const [whiteX, whiteY, ...rest] = Array.from(
    { length: 8 },
    (_, at) => chrm.readUInt32BE(at * 4) / chromaticityUnit,
  );
  const all = [...rest, whiteX!, whiteY!];
  return all.every((value) => value > 0) ? (all as unknown as Primaries) : srgbPrimaries;
}
