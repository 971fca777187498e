import type { FileView } from '../file/file-view.ts';
import { truncated } from '../header/faults.ts';
import { rgba, type BmpHeader } from './bmp-header.ts';
import { withReadableShare } from './failures.ts';
import type { Picture } from './port.ts';

/**
 * Run-length encoded rows (RLE4, RLE8, and RLE24 of OS/2), from the bottom. What is skipped is black, as in browsers, and so
 * is what comes behind an early end marker; data that end without one are cut.
 */
export function unpackRuns(
  file: FileView,
  { width, height, bits, palette, dataOffset, isTopDown }: BmpHeader,
): Picture {
  const data = Buffer.allocUnsafeSlow(width * height * 4);
  const opaque = rgba(0, 0, 0, 255);
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height).fill(opaque);
  let [x, y, at] = [0, 0, dataOffset];
  let isEnded = false;
  const put = (colour: number): void => {
    if (x < width && y < height) pixels[(isTopDown ? y : height - 1 - y) * width + x] = colour;
    x++;
  };
  const indexed = (index: number) => palette[index] ?? opaque;
  const byte = (from: number) => file.byte(from) ?? 0;
  const direct = (from: number) => rgba(byte(from + 2), byte(from + 1), byte(from), 255);
  /** The colour of pixel `n` of those that are packed from `from` on. */
  const colour = (from: number, n: number): number => {
    if (bits === 24) return direct(from + n * 3);
    if (bits === 8) return indexed(byte(from + n));
    const pair = byte(from + (n >> 1));
    return indexed(n & 1 ? pair & 15 : pair >> 4);
  };
  const unitBytes = bits === 24 ? 3 : 1;
  while (at + 1 < file.size && y < height) {
    const count = byte(at);
    const second = byte(at + 1);
    if (count > 0) {
      for (let n = 0; n < count; n++) put(colour(at + 1, bits === 4 ? n & 1 : 0));
      at += 1 + unitBytes;
    } else if (second === 0) {
      [x, y, at] = [0, y + 1, at + 2];
    } else if (second === 1) {
      isEnded = true;
      break;
    } else if (second === 2) {
      [x, y, at] = [x + byte(at + 2), y + byte(at + 3), at + 4];
    } else {
      for (let n = 0; n < second; n++) put(colour(at + 2, n));
      const bytes = bits === 24 ? second * 3 : Math.ceil((second * bits) / 8);
      at += 2 + bytes + (bytes & 1);
    }
  }
  const read = Math.min(y, height) * width + Math.min(x, width);
  if (!isEnded && read < width * height) throw withReadableShare(truncated(), read / (width * height));
  return { width, height, channels: 4, data };
}
