/** Blocks that are not in use: memory is allocated once and reused, not left to the garbage collector. */
const free: Buffer[] = [];
/** Together. Bytes. */
const maxFreeBytes = 32 * 1024 * 1024;

/** A block of `size` bytes, its content undefined. */
export function takeBlock(size: number): Buffer {
  const index = free.findIndex((block) => block.length === size);
  return index < 0 ? Buffer.allocUnsafeSlow(size) : free.splice(index, 1)[0]!;
}

/** Only for a block that nothing reads any more, a request that was given up included. */
export function releaseBlock(block: Buffer): void {
  const held = free.reduce((sum, { length }) => sum + length, 0);
  if (held + block.length <= maxFreeBytes) free.push(block);
}
