/**
 * Widths of Helvetica (Arial and Liberation Sans have the same), in thousandths of the font size, from the font's public
 * metrics; what is not listed counts as wide.
 */
const widths: Readonly<Record<string, number>> = {
  ...each(" !,./:;I[]\\t|fijl'", 278),
  ...each('()-r"°·', 333),
  ...each('abdeghnopqu0123456789Lº_$#?€→', 556),
  ...each('csvxyzkJ', 500),
  ...each('FTZ', 611),
  ...each('ABEKPSVXY&', 667),
  ...each('CDHNRU', 722),
  ...each('GOQ', 778),
  ...each('m', 833),
  ...each('M', 833),
  ...each('w', 722),
  ...each('W', 944),
  ...each('→…—', 1000),
};

function each(characters: string, width: number): Record<string, number> {
  return Object.fromEntries(Array.from(characters, (one) => [one, width]));
}

/** Pixels that a line needs; bold is up to a tenth wider. */
export const textWidth = (text: string, size: number, bold = false): number =>
  (Array.from(text).reduce((sum, one) => sum + (widths[one] ?? 834), 0) / 1000) * size * (bold ? 1.1 : 1);

/** Where neither Helvetica nor its like is there, what stands in for it is wider by this. */
export const widerFont = 1.1;

export const fonts = {
  caption: { size: 10, leading: 13 },
  name: { size: 13, leading: 17 },
  line: { size: 11, leading: 14 },
  label: { size: 11, leading: 14 },
  zone: { size: 13, leading: 18 },
  title: { size: 22, leading: 28 },
  step: { size: 11, diameter: 22 },
} as const;
