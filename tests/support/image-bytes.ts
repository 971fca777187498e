import { HeaderInspection } from '../../shared/images/process/inspect.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';

/** Bytes of texts (Latin-1), hex is `hex(…)`. */
export const join = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const number = (bytes: number, isLittle: boolean) => (value: number) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(BigInt(value));
  const used = buffer.subarray(8 - bytes);
  return isLittle ? Buffer.from(used).reverse() : Buffer.from(used);
};
/** Big endian. */
export const [be16, be32, be64] = [number(2, false), number(4, false), number(8, false)];
/** Little endian. */
export const [le16, le24, le32] = [number(2, true), number(3, true), number(4, true)];

function readIn(bytes: Uint8Array, chunkBytes: number, maxPixels: number): unknown {
  const reader = new HeaderInspection({ maxPixels });
  try {
    for (let at = 0; at < bytes.length; at += chunkBytes) reader.write(bytes.subarray(at, at + chunkBytes));
    const { width, height, frames, orientation } = reader.end();
    return [width, height, frames, orientation];
  } catch (error) {
    if (error instanceof DarkroomError) return error.code;
    throw error;
  }
}

/**
 * Width, height, frames and orientation of a file, or the code of its refusal, which may not depend on how the file
 * comes: whole, or in chunks of any size.
 */
export function headerOf(bytes: Uint8Array, maxPixels = 1e12): unknown {
  const whole = readIn(bytes, Math.max(1, bytes.length), maxPixels);
  for (const chunkBytes of bytes.length > 5_000 ? [997] : [1, 7, 33]) {
    const again = readIn(bytes, chunkBytes, maxPixels);
    if (JSON.stringify(again) !== JSON.stringify(whole)) {
      throw new Error(`${JSON.stringify(whole)} whole, ${JSON.stringify(again)} in chunks of ${chunkBytes}`);
    }
  }
  return whole;
}

/** An EXIF block (a TIFF header and one directory) of these entries. */
export function exifBlock(
  entries: readonly (readonly [tag: number, value: number])[],
  order: 'II' | 'MM' = 'II',
) {
  const [two, four] = order === 'II' ? [le16, le32] : [be16, be32];
  const fields = entries.map(([tag, value]) => join(two(tag), two(3), four(1), two(value), two(0)));
  return join(order, two(42), four(8), two(entries.length), ...fields);
}

export const orientationTag = 0x0112;
