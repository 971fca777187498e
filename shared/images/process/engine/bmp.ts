import bmp from '@jimp/js-bmp';
import type { Picture } from './port.ts';

/** libvips reads no BMP, so jimp's decoder does in either engine; the header was checked against the file's size. */
export function decodeBmp(bytes: Uint8Array): Picture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height, data } = bmp().decode(file);
  return { width, height, channels: 4, data };
}
