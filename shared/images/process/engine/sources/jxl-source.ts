import decode, { init } from '@jsquash/jxl/decode.js';
import { corrupt } from '../../header/faults.ts';
import type { ImageHeader } from '../../ports.ts';
import { withoutIdleAlpha, type Opener } from '../pipeline.ts';
import { compiledWasm } from '../wasm.ts';
import type { Source } from './source.ts';

/** Its types name ImageData, which is a page's; what it answers has these. */
const decodeJxl = decode as unknown as (
  file: Buffer,
) => Promise<{ readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }>;

let library: Promise<unknown> | undefined;

/** libjxl turns the picture and converts it to sRGB itself. */
export async function openJxl(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  library ??= compiledWasm('jxl_dec.wasm').then((module) => init(module));
  await library;
  const decoded = await decodeJxl(file).catch((cause: unknown) => {
    throw Object.assign(corrupt('its decoder cannot read it'), { cause });
  });
  const { width, height, data } = decoded;
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const picture = withoutIdleAlpha({ width, height, channels: 4, data: pixels });
  return { width, height, frames: header.frames, orientation: 1, pipeline: () => opener.pixels(picture) };
}
