import { crc32 } from 'node:zlib';
import { tooComplex } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';

export const signatureBytes = 8;

export interface PngChunk {
  readonly type: string;
  readonly data: Buffer;
  /** Length, type, data and checksum. */
  readonly whole: Buffer;
}

/** As many as the picture needs: its data in pieces of 2 kB or more, and chunks beside it. */
const maxChunks = (file: Buffer): number => imageLimits.maxSegments + Math.floor(file.length / 2_048);

/** The chunks up to the one that the file ends in, which is cut. */
export function pngChunks(file: Buffer): PngChunk[] {
  const chunks: PngChunk[] = [];
  for (let at = signatureBytes; at + 8 <= file.length;) {
    if (chunks.length > maxChunks(file)) throw tooComplex('chunks', maxChunks(file));
    const end = at + 12 + file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: file.subarray(at + 8, end - 4), whole: file.subarray(at, end) });
    if (type === 'IEND') break;
    at = end;
  }
  return chunks;
}

export function pngChunk(type: string, data: Buffer): PngChunk {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), data.length + 8);
  return { type, data, whole };
}
