import { uploadLimits } from './limits.ts';

/** Blocks that nobody holds at the moment: memory is taken once and lent on, not left to the collector. */
const free: Buffer[] = [];
const mostFree = 4;

export const { blockBytes } = uploadLimits;

/** A block of `size` bytes, its content undefined. */
export function takeBlock(size: number = blockBytes): Buffer {
  const known = free.findIndex((block) => block.length === size);
  return known < 0 ? Buffer.allocUnsafeSlow(size) : free.splice(known, 1)[0]!;
}

/** Only for a block that nothing reads any more, a request that was given up included. */
export function giveBack(block: Buffer): void {
  if (free.length < mostFree) free.push(block);
}
