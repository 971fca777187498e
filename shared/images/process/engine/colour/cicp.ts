/** Chromaticities of red, green, blue and white. */
export type Primaries = readonly [number, number, number, number, number, number, number, number];

const d65 = [0.3127, 0.329] as const;
const bt709: Primaries = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, ...d65];
const smpte170m: Primaries = [0.63, 0.34, 0.31, 0.595, 0.155, 0.07, ...d65];

/** Colour primaries of ITU-T H.273, table 2, by their number. */
export const primariesOf: Readonly<Record<number, Primaries>> = {
  1: bt709,
  4: [0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.31, 0.316],
  5: [0.64, 0.33, 0.29, 0.6, 0.15, 0.06, ...d65],
  6: smpte170m,
  7: smpte170m,
  8: [0.681, 0.319, 0.243, 0.692, 0.145, 0.049, 0.31, 0.316],
  9: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, ...d65],
  10: [1, 0, 0, 1, 0, 0, 1 / 3, 1 / 3],
  11: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351],
  12: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, ...d65],
  22: [0.63, 0.34, 0.295, 0.605, 0.155, 0.077, ...d65],
};

export const srgbPrimaries = bt709;

/** The share of light (1 is white) that a signal from 0 to 1 stands for. */
export type Transfer = (signal: number) => number;

export const gamma =
  (exponent: number): Transfer =>
  (signal) =>
    signal ** exponent;

export const srgbTransfer: Transfer = (signal) =>
  signal <= 0.04045 ? signal / 12.92 : ((signal + 0.055) / 1.055) ** 2.4;

/** Televisions show BT.709 with the curve of BT.1886, and so do browsers. */
const television = gamma(2.4);

/** Transfer characteristics of ITU-T H.273, table 3, of pictures that no screen has to be told of. */
export const transfers: Readonly<Record<number, Transfer>> = {
  1: television,
  4: gamma(2.2),
  5: gamma(2.8),
  6: television,
  7: (signal) => (signal < 0.0913 ? signal / 4 : ((signal + 0.1115) / 1.1115) ** (1 / 0.45)),
  8: (signal) => signal,
  13: srgbTransfer,
  14: television,
  15: television,
  17: (signal) => (52.37 / 48) * signal ** 2.6,
};

/** What BT.2408 calls white: 203 candelas a square metre. */
export const referenceWhite = 203;

/** SMPTE ST 2084 (PQ), in units of reference white. */
export const perceptualQuantizer: Transfer = (signal) => {
  const power = signal ** (1 / 78.84375);
  const light = Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power);
  return (light ** (1 / 0.1593017578125) * 10_000) / referenceWhite;
};

/** ARIB STD-B67 (HLG): light of the scene, 1 at its peak. */
export const hybridLogGamma: Transfer = (signal) =>
  signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;

export const transferNumbers = { perceptualQuantizer: 16, hybridLogGamma: 18 } as const;
