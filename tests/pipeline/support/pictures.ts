import sharp, { type Sharp } from 'sharp';

/** The four corners of the test picture, as displayed. */
export const corners = {
  topLeft: [220, 30, 30],
  topRight: [30, 180, 60],
  bottomLeft: [40, 70, 220],
  bottomRight: [230, 200, 40],
} as const;

/** A picture whose quarters differ in colour, so that turning, mirroring and squashing show; `seed` varies it. */
export function quarters(width: number, height: number, seed = 0): Sharp {
  const rgb = (colour: readonly number[]) => `rgb(${colour.join(',')})`;
  const [w, h] = [width / 2, height / 2];
  const square = (x: number, y: number, colour: readonly number[]) =>
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${rgb(colour)}"/>`;
  const mark = `<rect x="${w - 2}" y="${h - 2}" width="4" height="4" fill="rgb(${seed % 256},${(seed >> 8) % 256},${(seed * 7) % 256})"/>`;
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${square(0, 0, corners.topLeft)}${square(w, 0, corners.topRight)}${square(0, h, corners.bottomLeft)}${square(w, h, corners.bottomRight)}${mark}</svg>`,
    ),
  );
}

/** The colour in the middle of each quarter of an image file. */
export async function quarterColours(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return [...data.subarray(start, start + 3)];
  };
  return {
    topLeft: at(0.25, 0.25),
    topRight: at(0.75, 0.25),
    bottomLeft: at(0.25, 0.75),
    bottomRight: at(0.75, 0.75),
  };
}

/** How far apart two colours are, at most, in any channel. */
export const colourDistance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
