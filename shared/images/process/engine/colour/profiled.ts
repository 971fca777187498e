import { rawTiff } from '../sources/raw-tiff.ts';
import { readPicture, type Opener } from '../pipeline.ts';
import { readSamples, type PixelReader } from './samples.ts';

const spaceAt = 16;

/** Whether it is the ICC profile of such a device: `RGB `, `GRAY` or `CMYK`. */
export const isProfileOf = (space: string, profile: Uint8Array | undefined): profile is Uint8Array =>
  profile !== undefined && Buffer.from(profile).toString('latin1', spaceAt, spaceAt + 4) === space;

interface Described {
  readonly space?: string | undefined;
  readonly icc?: Uint8Array | undefined;
}

/**
 * For what sharp does not convert by its profile: 16 bits, of which it makes Display P3 and leaves it at that, grey of 16 bits, and
 * grey with a profile of colours, as programs for photos write it. Undefined for all others.
 */
export function readerByProfile({ space, icc }: Described): PixelReader | undefined {
  if (icc === undefined) return undefined;
  if (space === 'rgb16') return (pipeline) => readPicture(pipeline.withIccProfile('srgb'));
  if (space === 'grey16' && isProfileOf('GRAY', icc))
    return (pipeline) => readPicture(pipeline.pipelineColourspace('b-w'));
  if ((space === 'grey16' || space === 'b-w') && isProfileOf('RGB ', icc))
    return (pipeline) => readPicture(pipeline.pipelineColourspace('srgb'));
  return undefined;
}

/** For pixels that are not libvips' own, and so have no profile that it knows of. */
export const pictureByProfile =
  (profile: Uint8Array, opener: Opener): PixelReader =>
  async (pipeline) => {
    const { data, ...layout } = await readPicture(pipeline);
    const rowBytes = layout.width * layout.channels;
    const copyRow = (row: number, target: Uint8Array): void =>
      target.set(data.subarray(row * rowBytes, (row + 1) * rowBytes));
    return readPicture(opener.file(rawTiff({ ...layout, bits: 8, copyRow }, profile)));
  };

/** Floating point numbers, which libvips would take for bytes on their way through a profile. */
export const profiledReader =
  (space: string, channels: 1 | 3 | 4, profile: Uint8Array, opener: Opener): PixelReader =>
  async (pipeline) => {
    const { width, height, channels: perPixel, data } = await readSamples(pipeline, space, 'float');
    const copyRow = (row: number, target: Uint8Array): void => {
      const words = new DataView(target.buffer, target.byteOffset, target.byteLength);
      for (let at = 0, pixel = row * width * perPixel; at < target.length; pixel += perPixel) {
        for (let channel = 0; channel < channels; channel++, at += 2) {
          words.setUint16(at, Math.min(1, Math.max(0, data[pixel + channel]!)) * 65_535, true);
        }
      }
    };
    const words = opener.file(rawTiff({ width, height, channels, bits: 16, copyRow }, profile));
    const read = readerByProfile({ space: channels === 1 ? 'grey16' : 'rgb16', icc: profile });
    return (read ?? readPicture)(words);
  };
