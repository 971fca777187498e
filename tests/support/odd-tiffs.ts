import { asSharp, photoPixels } from './photos.ts';
import { join, le16 } from './image-bytes.ts';
import { plainTiff } from './plain-tiff.ts';
import { screenProfile, srgbAtD50 } from './icc-profile.ts';

/** TIFFs whose numbers are of kinds that few programs write. All show `photoPixels(320, 200, 3)`, in grey where they are grey. */
const [width, height] = [320, 200];
const colours = async () => (await photoPixels(width, height, 3)).data;
export const greyPhoto = async () => asSharp(await photoPixels(width, height, 3)).greyscale();
const greys = async () => (await greyPhoto()).raw().toBuffer();

const [black, white] = [1, 0];
const [rgb, inks, lab] = [2, 5, 8];
const [signed, float] = [2, 3];
const unassociatedAlpha = 2;

interface Kind {
  readonly bits: number;
  readonly photometric: number;
  readonly samples: number;
  readonly format?: number;
  readonly alpha?: true;
  readonly profile?: Uint8Array;
}

const tiff = (data: Uint8Array, { bits, photometric, samples, format = 1, alpha, profile }: Kind): Buffer =>
  plainTiff(width, height, data, [
    ...([
      [258, bits],
      [262, photometric],
      [277, samples],
      [339, format],
    ] as const),
    ...(alpha ? [[338, unassociatedAlpha] as const] : []),
    ...(profile ? [[34_675, profile] as const] : []),
  ]);

/** IEEE 754 of 16 bits, of a number from 0 to 1. */
function half(value: number): Buffer {
  if (value === 0) return le16(0);
  const exponent = Math.floor(Math.log2(value));
  return le16((exponent + 15) * 1024 + Math.round((value / 2 ** exponent - 1) * 1023));
}

const floats = (values: Iterable<number>) => Buffer.from(Float32Array.from(values).buffer);
const share = (byte: number) => byte / 255;
const light = (byte: number) =>
  share(byte) <= 0.04045 ? share(byte) / 12.92 : ((share(byte) + 0.055) / 1.055) ** 2.4;

export const greyHalves = async () =>
  tiff(join(...[...(await greys())].map((byte) => half(share(byte)))), {
    ...{ bits: 16, photometric: black, samples: 1, format: float },
  });

export const greyFromWhite = async () =>
  tiff(floats([...(await greys())].map((byte) => 1 - share(byte))), {
    ...{ bits: 32, photometric: white, samples: 1, format: float },
  });

/** As Photoshop writes them: linear, which the profile says. */
export const linearFloats = async () =>
  tiff(floats([...(await colours())].map(light)), {
    ...{ bits: 32, photometric: rgb, samples: 3, format: float, profile: screenProfile(srgbAtD50, 1) },
  });

/** What is missing from white, without black. */
async function cyanMagentaYellow(): Promise<number[]> {
  const data = await colours();
  return Array.from({ length: width * height * 4 }, (_, at) =>
    at % 4 === 3 ? 0 : 255 - data[Math.floor(at / 4) * 3 + (at % 4)]!,
  );
}
export const inkFloats = async () =>
  tiff(floats((await cyanMagentaYellow()).map(share)), {
    ...{ bits: 32, photometric: inks, samples: 4, format: float },
  });
export const signedInks = async () =>
  tiff(Buffer.from(await cyanMagentaYellow()), {
    ...{ bits: 8, photometric: inks, samples: 4, format: signed },
  });

/** L* of a grey. */
const lightness = (byte: number) => {
  const y = light(byte);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
};
/** Next to each other, they mean grey: between -1 and 1, which are 255 and 1, lies no colour. */
const nearlyGrey = (at: number) => (at % 2 === 0 ? 1 : -1);
export const greyLab8 = async () =>
  tiff(
    Buffer.from(
      [...(await greys())].flatMap((byte, at) => [
        Math.round(lightness(byte) * 2.55),
        nearlyGrey(at) & 255,
        nearlyGrey(at) & 255,
      ]),
    ),
    { bits: 8, photometric: lab, samples: 3 },
  );
export const greyLab16 = async () =>
  tiff(
    join(
      ...[...(await greys())].map((byte, at) => {
        const around = le16((nearlyGrey(at) * 256) & 65_535);
        return join(le16(Math.round(lightness(byte) * 655.35)), around, around, le16(65_535));
      }),
    ),
    { bits: 16, photometric: lab, samples: 4, alpha: true },
  );
export const labFloats = () =>
  Promise.resolve(
    tiff(Buffer.alloc(width * height * 12), { bits: 32, photometric: lab, samples: 3, format: float }),
  );
