import type { FileView } from '../file/file-view.ts';
import { rgba, type BmpHeader } from './bmp-header.ts';
import type { Picture } from './port.ts';

/**
 * Run-length encoded rows (RLE4, RLE8, and RLE24 of OS/2), from the bottom. What is skipped is transparent, as in browsers;
 * data that end early leave the rest so.
 */
export function unpackRuns(
  file: FileView,
  { width, height, bits, palette, dataOffset, isTopDown }: BmpHeader,
): Picture {
  const data = Buffer.alloc(width * height * 4);
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  let [x, y, at] = [0, 0, dataOffset];
  const put = (colour: number): void => {
    if (x < width && y < height) pixels[(isTopDown ? y : height - 1 - y) * width + x] = colour;
    x++;
  };
  const opaque = rgba(0, 0, 0, 255);
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
    } else if (second === 1) break;
    else if (second === 2) {
      [x, y, at] = [x + byte(at + 2), y + byte(at + 3), at + 4];
    } else {
      for (let n = 0; n < second; n++) put(colour(at + 2, n));
      const bytes = bits === 24 ? second * 3 : Math.ceil((second * bits) / 8);
      at += 2 + bytes + (bytes & 1);
    }
  }
  return { width, height, channels: 4, data };
}
