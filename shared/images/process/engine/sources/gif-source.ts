import type { ImageHeader } from '../../ports.ts';
import type { Opener } from '../pipeline.ts';
import type { Source } from './source.ts';

const rgba = 4;

/** The first frame on the canvas that the file asks for; libvips leaves out what no frame covers. */
export async function openGif(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  const frame = () => opener.file(file, { failOn: 'none' });
  const { width, height, pages = 1 } = await frame().metadata();
  const isPartial = () => header.isCut === true || pages > header.frames;
  const animation = () => opener.file(file, { failOn: 'none', pages: -1 });
  const common = { frames: header.frames, orientation: 1, isPartial, animation };
  if (width >= header.width && height >= header.height) return { width, height, pipeline: frame, ...common };
  const canvas = { width: Math.max(width, header.width), height: Math.max(height, header.height) };
  const pixels = await frame().ensureAlpha().raw().toBuffer();
  const data = Buffer.alloc(canvas.width * canvas.height * rgba);
  for (let row = 0; row < height; row++) {
    pixels.copy(data, row * canvas.width * rgba, row * width * rgba, (row + 1) * width * rgba);
  }
  return { ...canvas, ...common, pipeline: () => opener.pixels({ ...canvas, channels: rgba, data }) };
}
