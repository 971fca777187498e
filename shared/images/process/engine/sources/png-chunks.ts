import type { FileView } from '../../file/file-view.ts';
import type { Range } from '../../file/image-file.ts';
import { tooComplex } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';

export const signature: Range = [0, 8];
/** Length and type. */
export const headBytes = 8;

export interface PngChunk {
  readonly type: string;
  readonly dataBytes: number;
  /** Length, type, data and checksum. */
  readonly range: Range;
}

/** As many as the picture needs: its data in pieces of 2 kB or more, and chunks beside it. */
const maxChunks = (fileBytes: number): number => imageLimits.maxSegments + Math.floor(fileBytes / 2_048);

/** The chunks up to the one that the file ends in, which is cut. */
export function pngChunks(view: FileView): PngChunk[] {
  const chunks: PngChunk[] = [];
  for (let [, at] = signature; at + headBytes <= view.size;) {
    if (chunks.length > maxChunks(view.size)) throw tooComplex('chunks', maxChunks(view.size));
    const head = view.bytes(at, headBytes);
    const dataBytes = head.readUInt32BE();
    const type = head.toString('latin1', 4, 8);
    const end = at + 12 + dataBytes;
    chunks.push({ type, dataBytes, range: [at, Math.min(end, view.size)] });
    if (type === 'IEND') break;
    at = end;
  }
  return chunks;
}

/** Data of the first chunk of a type, as far as somebody looks into it. */
export function dataOf(
  view: FileView,
  chunks: readonly PngChunk[],
  type: string,
  maxBytes: number,
): Buffer | undefined {
  const chunk = chunks.find((each) => each.type === type);
  return chunk && view.bytes(chunk.range[0] + headBytes, Math.min(chunk.dataBytes, maxBytes));
}
