import { imageLimits } from '../limits.ts';
import { corrupt, tooComplex, truncated } from './faults.ts';
import { skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const extension = 0x21;
const imageDescriptor = 0x2c;
const smallBytes = 32;

/**
 * GIF89a: every block is walked, none is decoded. Many files end without a trailer, in zeros, in other bytes, or in a later
 * frame; what counts is that there was a whole frame.
 */
export function* gif(check: SizeCheck): Pull<Shape> {
  const screen = yield* take(13);
  const width = screen.getUint16(6, true);
  const height = screen.getUint16(8, true);
  check(width, height);
  yield* skip(colourTableBytes(screen.getUint8(10)));
  let frames = 0;
  let ends = false;
  let isCut = false;
  let isPlaced = false;
  const small = { pieces: 0 };
  for (let blocks = 0; !ends; blocks++) {
    if (blocks > imageLimits.maxBlocks) throw tooComplex('blocks', imageLimits.maxBlocks);
    const introducer = yield* takeOrEnd(1);
    const kind = introducer.byteLength === 0 ? undefined : introducer.getUint8(0);
    const isFrame = kind === imageDescriptor;
    if (kind !== undefined && !isFrame && kind !== extension) break;
    const size = isFrame ? yield* frameHead() : undefined;
    if (size && frames === 0) isPlaced = size.width < width || size.height < height;
    const hasHead = isFrame ? size !== undefined : kind !== undefined && (yield* passed(1));
    ends = !hasHead || !(yield* subBlocks(small));
    isCut = isFrame && ends;
    if (isFrame && !ends && ++frames > imageLimits.maxFrames)
      throw tooComplex('frames', imageLimits.maxFrames);
  }
  if (frames === 0) throw ends ? truncated() : corrupt('the GIF has no frame');
  return { width, height, frames, isCut, isPlaced };
}

export const colourTableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Undefined where the file ends in it. */
function* frameHead(): Pull<{ width: number; height: number } | undefined> {
  const head = yield* takeOrEnd(9);
  if (head.byteLength < 9) return undefined;
  const [width, height] = [head.getUint16(4, true), head.getUint16(6, true)];
  return (yield* passed(colourTableBytes(head.getUint8(8)) + 1)) ? { width, height } : undefined;
}

const passed = function* (length: number): Pull<boolean> {
  return (yield* takeOrEnd(length)).byteLength === length;
};

/** False where the file ends in them. Millions of small ones take seconds to walk. */
function* subBlocks(small: { pieces: number }): Pull<boolean> {
  for (;;) {
    const head = yield* takeOrEnd(1);
    if (head.byteLength === 0) return false;
    const length = head.getUint8(0);
    if (length === 0) return true;
    if (length < smallBytes && ++small.pieces > imageLimits.maxSmallPieces)
      throw tooComplex('small pieces', imageLimits.maxSmallPieces);
    if (!(yield* passed(length))) return false;
  }
}
