import { FileView } from '../../file/file-view.ts';
import type { ImageFile } from '../../file/image-file.ts';
import { colourTableBytes } from '../../header/gif.ts';
import type { ImageHeader } from '../../ports.ts';
import { readPicture, type Opener } from '../pipeline.ts';
import { clipped, covers, onCanvas, type Place } from './canvas.ts';
import type { Source } from './source.ts';

const extension = 0x21;
const screenBytes = 13;

/** The first frame on the canvas that the file asks for; libvips leaves out, or makes black, what no frame covers. */
export async function openGif(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const frame = () => opener.file(file.input, { failOn: 'none' });
  const { width, height, pages = 1 } = await frame().metadata();
  const isPartial = () => header.isCut === true || pages > header.frames;
  const animation = () => opener.file(file.input, { failOn: 'none', pages: -1 });
  const common = { frames: header.frames, orientation: 1, isPartial, animation };
  const canvas = { width: Math.max(width, header.width), height: Math.max(height, header.height) };
  const place = firstPlace(new FileView(file));
  if (place === undefined || covers(place, canvas)) return { width, height, pipeline: frame, ...common };
  const seen = clipped(place, { width, height });
  const picture = onCanvas(await readPicture(frame().extract(seen)), seen, canvas);
  return { ...canvas, ...common, pipeline: () => opener.pixels(picture) };
}

/** Where the first frame lies; undefined where it is not found. */
function firstPlace(view: FileView): Place | undefined {
  let at = screenBytes + colourTableBytes(view.byte(10)!);
  while (view.byte(at) === extension) at = behindBlocks(view, at + 2);
  const frame = view.bytes(at, 9);
  if (frame.length < 9) return undefined;
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => frame.readUInt16LE(offset));
  return { left: left!, top: top!, width: width!, height: height! };
}

function behindBlocks(view: FileView, from: number): number {
  let at = from;
  for (let length = view.byte(at) ?? 0; length > 0; length = view.byte(at) ?? 0) at += length + 1;
  return at + 1;
}
