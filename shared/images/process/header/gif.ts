import { corrupt } from './faults.ts';
import { skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { PixelCheck, Shape } from './shape.ts';

const extension = 0x21;
const imageDescriptor = 0x2c;
const trailer = 0x3b;

/** GIF89a: every block is walked, none is decoded, and frames are counted against the limit as they come. */
export function* gif(check: PixelCheck): Pull<Shape> {
  const screen = yield* take(13);
  const width = screen.getUint16(6, true);
  const height = screen.getUint16(8, true);
  check(width, height, 1);
  yield* skip(colourTableBytes(screen.getUint8(10)));
  let frames = 0;
  for (;;) {
    const introducer = yield* takeOrEnd(1);
    // Many writers leave the trailer out, or write zeros; what counts is that there was a whole frame.
    const kind = introducer.byteLength === 0 ? trailer : introducer.getUint8(0);
    if (kind === trailer || kind === 0) break;
    if (kind === extension) yield* skip(1);
    else if (kind === imageDescriptor) {
      check(width, height, ++frames);
      yield* skip(colourTableBytes((yield* take(9)).getUint8(8)) + 1);
    } else throw corrupt('a GIF block has an unknown kind');
    yield* subBlocks();
  }
  if (frames === 0) throw corrupt('the GIF has no frame');
  return { width, height, frames, orientation: 1 };
}

const colourTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

function* subBlocks(): Pull<void> {
  for (;;) {
    const length = (yield* take(1)).getUint8(0);
    if (length === 0) return;
    yield* skip(length);
  }
}
