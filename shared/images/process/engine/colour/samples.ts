import type { Pipeline } from '../pipeline.ts';
import type { Picture } from '../port.ts';

const arrays = {
  uchar: Uint8Array,
  /** The bits of signed bytes. */
  char: Uint8Array,
  ushort: Uint16Array,
  short: Int16Array,
  uint: Uint32Array,
  float: Float32Array,
};

export type Depth = keyof typeof arrays;

/** Makes an sRGB picture at the end of a pipeline whose pixels libvips would convert in another way. */
export type PixelReader = (pipeline: Pipeline) => Promise<Picture>;

export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: InstanceType<(typeof arrays)[Depth]>;
}

/** The samples as they are; `space` is the one they are in, so that nothing is converted. */
export async function readSamples(pipeline: Pipeline, space: string, depth: Depth): Promise<Samples> {
  // Without the first, libvips takes CMYK to sRGB and back.
  const { data, info } = await (space === 'cmyk' ? pipeline.pipelineColourspace(space) : pipeline)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const { BYTES_PER_ELEMENT: bytes } = arrays[depth];
  const aligned = data.byteOffset % bytes === 0 ? data : new Uint8Array(data);
  const { buffer, byteOffset, byteLength } = aligned;
  return { width, height, channels, data: new arrays[depth](buffer, byteOffset, byteLength / bytes) };
}

/** Writes red, green, blue and alpha (0 to 255, fractions and excess allowed) of the pixel whose samples begin at `from`. */
export type Converter = (samples: Samples['data'], from: number, out: Uint8ClampedArray, to: number) => void;

/** A picture of samples, of which each pixel is converted on its own. */
export function convertSamples(
  { width, height, channels, data }: Samples,
  convert: Converter,
  hasAlpha = false,
): Picture {
  const perPixel = hasAlpha ? 4 : 3;
  const out = new Uint8ClampedArray(width * height * perPixel);
  for (let from = 0, to = 0; to < out.length; from += channels, to += perPixel) convert(data, from, out, to);
  return { width, height, channels: perPixel, data: Buffer.from(out.buffer) };
}

/** Reads samples and converts them. */
export const converting =
  (space: string, depth: Depth, convert: Converter, hasAlpha = false): PixelReader =>
  async (pipeline) =>
    convertSamples(await readSamples(pipeline, space, depth), convert, hasAlpha);
