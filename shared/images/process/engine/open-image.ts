import type { OpenImage, Picture, PictureFrame, Size } from './port.ts';
import { decodingFailure, failing, withReadableShare, wordsOf } from './failures.ts';
import { turnedSize, upright } from './orientation.ts';
import { readPicture, unheardWarnings, type Pipeline } from './pipeline.ts';
import type { Source } from './sources/source.ts';

const defaultDelayMs = 100;

/** A source as the processors see it: upright, scaled while it is decoded, in sRGB. */
export function openImage(source: Source): OpenImage {
  const { orientation, frames } = source;
  const scaled = (pipeline: Pipeline, size: Size): Pipeline => {
    const { width, height } = turnedSize(orientation, size);
    const isSame = width === source.width && height === source.height;
    return upright(isSame ? pipeline : pipeline.resize(width, height, { fit: 'fill' }), orientation);
  };
  const read = source.read ?? readPicture;

  return {
    ...turnedSize(orientation, source),
    frames,
    embedded: source.embedded,
    decode: async (size) => {
      if (source.isPartial) await unheardWarnings();
      const warnings: string[] = [];
      const attempt = (pipeline: Pipeline) =>
        read(scaled(pipeline, size).on('warning', (warning: string) => warnings.push(warning)));
      try {
        const strict = source.strict?.();
        const complain = (error: unknown) => void warnings.push(wordsOf(error));
        const picture =
          (strict && (await attempt(strict).catch(complain))) ?? (await attempt(source.pipeline()));
        if (!source.isPartial) return { picture, isPartial: false };
        return { picture, isPartial: await source.isPartial([...warnings, ...(await unheardWarnings())]) };
      } catch (error) {
        throw withReadableShare(decodingFailure(error), source.readableShare);
      }
    },
    decodeFrames: (size) =>
      failing(async () => {
        const animation = frames > 1 ? source.animation?.() : undefined;
        if (!animation) return [{ picture: await read(scaled(source.pipeline(), size)), delayMs: 0 }];
        const { delay = [] } = await animation.metadata();
        const tower = await readPicture(animation.resize(size.width, size.height, { fit: 'fill' }));
        return slices(tower, size.height).map((picture, index): PictureFrame => ({
          picture,
          delayMs: delay[index] ?? defaultDelayMs,
        }));
      }),
  };
}

/** libvips stacks the frames of an animation on top of each other. */
function slices(tower: Picture, height: number): Picture[] {
  const bytes = tower.width * height * tower.channels;
  return Array.from({ length: Math.round(tower.height / height) }, (_, index) => ({
    width: tower.width,
    height,
    channels: tower.channels,
    data: tower.data.subarray(index * bytes, (index + 1) * bytes),
  }));
}
