import { isRange, type ImageFile } from './image-file.ts';

/** A small file, or one whose decoder takes nothing else. */
export const inMemory = (bytes: Buffer): ImageFile => ({
  size: bytes.length,
  input: bytes,
  read: (at, length) => bytes.subarray(at, at + length),
  keep: (parts) =>
    inMemory(Buffer.concat(Array.from(parts, (part) => (isRange(part) ? bytes.subarray(...part) : part)))),
  patched(at, patch) {
    const copy = Buffer.from(bytes);
    copy.set(patch, at);
    return inMemory(copy);
  },
  close: () => undefined,
});
