import load from '@jsquash/jxl/codec/dec/jxl_dec.js';
import { corrupt } from '../../header/faults.ts';
import type { ImageFile } from '../../file/image-file.ts';
import type { ImageHeader } from '../../ports.ts';
import { withoutIdleAlpha, type Opener } from '../pipeline.ts';
import { wasmDecoder, type EmscriptenOptions } from '../wasm.ts';
import type { Source } from './source.ts';

interface DecodedJxl {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Answers null for a file that it cannot read. Its types name ImageData, which is a page's; what it answers has these. */
interface Libjxl {
  decode(file: Buffer): DecodedJxl | null;
}

const withLibjxl = wasmDecoder(
  'jxl_dec.wasm',
  load as unknown as (options: EmscriptenOptions) => Promise<Libjxl>,
);

/** libjxl turns the picture and converts it to sRGB itself. */
export async function openJxl(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const decoded = await withLibjxl((libjxl) => {
    const picture = libjxl.decode(file.read(0, file.size));
    if (picture === null) throw corrupt('its decoder cannot read it');
    return picture;
  });
  const { width, height, data } = decoded;
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const picture = withoutIdleAlpha({ width, height, channels: 4, data: pixels });
  return { width, height, frames: header.frames, orientation: 1, pipeline: () => opener.pixels(picture) };
}
