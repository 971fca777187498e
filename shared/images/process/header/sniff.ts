import type { DarkroomError } from '../../../platform/errors.ts';
import type { AcceptedType } from '../ports.ts';
import { isBmpHeader } from './bmp.ts';
import { raw, unsupported } from './faults.ts';

/** How many first bytes tell the type. */
export const sniffBytes = 32;

/**
 * The type by its magic bytes (https://mimesniff.spec.whatwg.org for the web's types; the formats' own documents for
 * the rest), or why it is none that is accepted. Looks at the first `sniffBytes` bytes only.
 */
export function sniff(bytes: Uint8Array): { type: AcceptedType } | { refused: DarkroomError } {
  const text = Buffer.from(bytes.subarray(0, sniffBytes)).toString('latin1');
  if (isCameraRaw(text)) return { refused: raw() };
  if (text.startsWith('\xff\xd8\xff')) return { type: 'image/jpeg' };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { type: 'image/png' };
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return { type: 'image/gif' };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return { type: 'image/webp' };
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return { type: 'image/tiff' };
  if (text.startsWith('BM') && isBmpHeader(uint32(bytes, 14))) return { type: 'image/bmp' };
  if (text.startsWith('\0\0\0\x0cJXL \r\n\x87\n') || text.startsWith('\xff\x0a'))
    return { type: 'image/jxl' };
  if (text.slice(4, 8) === 'ftyp') return byBrand(text);
  return { refused: unsupported(refusal(text)) };
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  bytes.length < at + 4 ? -1 : Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE(at);

/** Canon's CR2, CRW and CR3, Olympus, Panasonic, Fujifilm and Sigma; the rest is known by its TIFF directory. */
const isCameraRaw = (text: string): boolean =>
  /^(II\*\0[^]{4}CR|II.\0\0\0HEAPCCDR|II(RO|RS|U\0)|MMOR|FUJIFILMCCD-RAW|FOVb)/.test(text) ||
  text.slice(4, 12) === 'ftypcrx ';

function byBrand(text: string): { type: AcceptedType } | { refused: DarkroomError } {
  const brands = [text.slice(8, 12), text.slice(16, 20), text.slice(20, 24), text.slice(24, 28)];
  if (brands.includes('avif') || brands.includes('avis')) return { type: 'image/avif' };
  if (brands.some((brand) => /^(hei[cxms]|hev[cxms]|mif[12]|msf1)$/.test(brand)))
    return { type: 'image/heic' };
  return { refused: unsupported('This is a video or another file of that family, not an image.') };
}

function refusal(text: string): string {
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(\?xml|svg|!doctype svg|!--)/i.test(start)) return 'SVG and other XML files are not accepted.';
  if (text.startsWith('%PDF')) return 'PDF files are not accepted.';
  return 'The first bytes are not those of an image type that is accepted.';
}
