/** Blocks that nobody holds at the moment: memory is taken once and lent on, not left to the collector. */
const free: Buffer[] = [];
/** Together. Bytes. */
const maxFreeBytes = 32 * 1024 * 1024;

/** A block of `size` bytes, its content undefined. */
export function takeBlock(size: number): Buffer {
  const known = free.findIndex((block) => block.length === size);
  return known < 0 ? Buffer.allocUnsafeSlow(size) : free.splice(known, 1)[0]!;
}

/** Only for a block that nothing reads any more, a request that was given up included. */
export function releaseBlock(block: Buffer): void {
  const held = free.reduce((sum, { length }) => sum + length, 0);
  if (held + block.length <= maxFreeBytes) free.push(block);
}
