import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { below, seeded } from '../random.ts';
import { animation, sampleImage } from '../sample-images.ts';
import {
  bmpAround,
  jpegSegment,
  jpegSizeOffset,
  patched,
  pngChunk,
  pngEndBytes,
  pngHeaderBytes,
  resizedPng,
  tiffAround,
  tiffValueOffset,
  withJpegSegments,
  withPngChunks,
} from './parts.ts';

export interface Hostile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Codes of which one must come back; `ok` where it must be processed; nothing where either may be. */
  readonly expected?: readonly string[];
}

const tooMany = ['image-too-many-pixels'];
const tooComplex = ['image-too-complex'];
const broken = ['image-corrupt', 'image-truncated'];
const fine = ['ok'];
/** Decoders paint what is missing grey where the file ends as it should. */
const filled = [...broken, ...fine];
const noise = (length: number, seed: number): Buffer => {
  const random = seeded(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = below(random, 256);
  return bytes;
};

/** A grey picture, a byte a pixel, which compresses to next to nothing. */
const flat = (width: number, height: number) =>
  sharp(Buffer.alloc(width * height, 0x77), {
    raw: { width, height, channels: 1 },
    limitInputPixels: false,
  });

/** Takes jimp's decoder minutes; libjpeg stops at the first scan that is there twice. */
export const slowJpeg = async (): Promise<Buffer> =>
  manyScans(await flat(2000, 1500).toColourspace('srgb').jpeg({ progressive: true }).toBuffer(), 30_000);

/** A PNG of 70,000×1 behind a header of 10×10: jimp's decoder goes by the second. */
export async function pngOfTwoSizes(): Promise<Buffer> {
  const png = await flat(70_000, 1).toColourspace('srgb').png().toBuffer();
  return Buffer.concat([resizedPng(png, 10, 10).subarray(0, pngHeaderBytes), png.subarray(8)]);
}

/** A TIFF whose directory names itself as the next; jimp's decoder reads one after the other until memory ends. */
export async function loopingTiff(): Promise<Buffer> {
  const tiff = await sampleImage('tiff');
  return patched(tiff, tiff.readUInt32LE(4), (copy, directory) => {
    copy.writeUInt32LE(directory, directory + 2 + copy.readUInt16LE(directory) * 12);
  });
}

/** Many pixels in a few kilobytes. */
const flatPng = (side: number): Promise<Buffer> => flat(side, side).toColourspace('b-w').png().toBuffer();

/** Headers that promise more, less or other than the file holds. */
export async function headerLies(): Promise<Hostile[]> {
  const [jpeg, png, webp, gif, bmp, tiff, avif] = await Promise.all(
    (['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff', 'avif'] as const).map((format) => sampleImage(format)),
  );
  const uint16s = (value: number) => (copy: Buffer, at: number) => {
    copy.writeUInt16LE(value, at);
    copy.writeUInt16LE(value, at + 2);
  };
  const uint32s =
    (value: number, big = false) =>
    (copy: Buffer, at: number) => {
      for (const offset of [at, at + 4]) {
        if (big) copy.writeUInt32BE(value, offset);
        else copy.writeUInt32LE(value, offset);
      }
    };
  const tiffSize = (value: number) => {
    const wide = patched(tiff!, tiffValueOffset(tiff!, 256), (copy, at) => copy.writeUInt16LE(value, at));
    return patched(wide, tiffValueOffset(tiff!, 257), (copy, at) => copy.writeUInt16LE(value, at));
  };
  const vp8 = webp!.indexOf('VP8 ') + 8 + 6;
  const ispe = avif!.indexOf('ispe') + 8;
  const jpegSize = jpegSizeOffset(jpeg!);
  const hugeJpeg = patched(jpeg!, jpegSize, (copy, at) => copy.fill(0xff, at, at + 4));
  const lie = (name: string, bytes: Buffer, expected: readonly string[]): Hostile => ({
    name: `header lie: ${name}`,
    bytes,
    expected,
  });
  return [
    lie('JPEG of 65535×65535', hugeJpeg, tooMany),
    lie(
      'JPEG of 0×0',
      patched(jpeg!, jpegSize, (copy, at) => copy.fill(0, at, at + 4)),
      broken,
    ),
    lie(
      'JPEG of 2000×2000',
      patched(jpeg!, jpegSize, (copy, at) => uint16s(0xd007)(copy, at)),
      filled,
    ),
    lie('PNG of 20000×20000', resizedPng(png!, 20_000, 20_000), tooMany),
    lie('PNG of 2147483647×1', resizedPng(png!, 0x7fffffff, 1), tooMany),
    lie('PNG of 0×10', resizedPng(png!, 0, 10), broken),
    lie('PNG of 2000×2000', resizedPng(png!, 2000, 2000), broken),
    lie('WebP of 16383×16383', patched(webp!, vp8, uint16s(0x3fff)), tooMany),
    lie('GIF of 65535×65535', patched(gif!, 6, uint16s(0xffff)), tooMany),
    lie('BMP of 30000×30000', patched(bmp!, 18, uint32s(30_000)), tooMany),
    lie('BMP of 2000×2000', patched(bmp!, 18, uint32s(2000)), broken),
    lie('BMP around a PNG of 20000×20000', bmpAround(resizedPng(png!, 20_000, 20_000), 5), tooMany),
    lie('BMP around a PNG of 70000×1', bmpAround(resizedPng(png!, 70_000, 1), 5), tooMany),
    lie('BMP around a JPEG of 65535×65535', bmpAround(hugeJpeg, 4), tooMany),
    lie('BMP around a JPEG that it calls a PNG', bmpAround(jpeg!, 5), broken),
    lie('BMP around a PNG', bmpAround(png!, 5), fine),
    lie('TIFF around a JPEG of 65535×65535', tiffAround(hugeJpeg), tooMany),
    lie('TIFF of 60000×60000', tiffSize(60_000), tooMany),
    lie('TIFF of 2000×2000', tiffSize(2000), filled),
    lie('HEIC of 100×75 that holds 4000×3000', await smallHeic(), tooComplex),
    lie('AVIF of 30000×30000', patched(avif!, ispe, uint32s(30_000, true)), tooMany),
  ];
}

async function smallHeic(): Promise<Buffer> {
  const heic = await readFile(new URL('../../fixtures/images/12-megapixels.heic', import.meta.url));
  return patched(heic, heic.indexOf('ispe') + 8, (copy, at) => {
    copy.writeUInt32BE(100, at);
    copy.writeUInt32BE(75, at + 4);
  });
}

/** Little files that want much: pixels, frames, scans, inflated metadata. */
export async function bombs(maxPixels: number): Promise<Hostile[]> {
  const allowed = Math.floor(Math.sqrt(maxPixels));
  const side = allowed + 1;
  const [png, jpeg] = await Promise.all([sampleImage('png'), sampleImage('jpeg')]);
  const frame = Buffer.from('2c0000000001000100000202440100', 'hex');
  const gifHeader = Buffer.from('474946383961e803e803800000000000ffffff', 'hex');
  return [
    {
      name: 'bomb: PNG just over the limit, in a few kB',
      bytes: await flat(side, side).png().toBuffer(),
      expected: tooMany,
    },
    {
      name: 'bomb: JPEG just over the limit',
      bytes: await flat(side, side).toColourspace('b-w').jpeg({ quality: 10 }).toBuffer(),
      expected: tooMany,
    },
    {
      name: 'bomb: WebP just over the limit',
      bytes: await flat(side, side).webp({ effort: 0 }).toBuffer(),
      expected: tooMany,
    },
    {
      name: 'bomb: TIFF just over the limit',
      bytes: await flat(side, side).tiff({ compression: 'deflate' }).toBuffer(),
      expected: tooMany,
    },
    {
      name: 'bomb: GIF of 5000 frames of 1000×1000',
      bytes: Buffer.concat([gifHeader, ...Array<Buffer>(5000).fill(frame), Buffer.from(';')]),
      expected: fine,
    },
    {
      name: 'bomb: GIF of a million frames',
      bytes: Buffer.concat([gifHeader, ...Array<Buffer>(1_000_000).fill(frame), Buffer.from(';')]),
      expected: tooComplex,
    },
    {
      name: 'bomb: JPEG of two million segments',
      bytes: withJpegSegments(jpeg, Array<Buffer>(2_000_000).fill(jpegSegment(0xfe, Buffer.alloc(0)))),
      expected: tooComplex,
    },
    {
      name: 'bomb: PNG whose texts inflate to a gigabyte',
      bytes: withPngChunks(
        png,
        Array<Buffer>(15).fill(
          pngChunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(64 << 20))])),
        ),
      ),
      expected: fine,
    },
    {
      name: 'bomb: PNG of 1 × 50,000,000',
      bytes: resizedPng(png, 1, 50_000_000),
      expected: tooMany,
    },
    {
      name: 'bomb: PNG with a text of 16 MB, deflated',
      bytes: withPngChunks(png, [
        pngChunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(16 << 20))])),
      ]),
    },
    {
      name: 'bomb: PNG with a profile of 16 MB, deflated',
      bytes: withPngChunks(png, [
        pngChunk('iCCP', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(16 << 20))])),
      ]),
    },
    {
      name: 'bomb: JPEG with 30000 scans',
      bytes: await slowJpeg(),
    },
    { name: 'bomb: PNG just under the limit, in a few kB', bytes: await flatPng(allowed), expected: fine },
    { name: 'bomb: JPEG twice in one file', bytes: Buffer.concat([jpeg, jpeg]), expected: fine },
  ];
}

/** The last scan of a progressive JPEG, again and again. */
function manyScans(jpeg: Buffer, count: number): Buffer {
  const last = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpeg.subarray(last, -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(count).fill(scan), jpeg.subarray(-2)]);
}

/** A TIFF that says how long each of so many strips is. */
async function tiffOfStrips(count: number): Promise<Buffer> {
  const tiff = await sampleImage('tiff');
  const long = 4;
  const lengths = patched(tiff, tiffValueOffset(tiff, 279), (copy, at) => {
    copy.writeUInt16LE(long, at - 6);
    copy.writeUInt32LE(count, at - 4);
    copy.writeUInt32LE(tiff.length, at);
  });
  return Buffer.concat([lengths, Buffer.alloc(count * 4)]);
}

/** Metadata that goes on and on, or means nothing: no reason to refuse a picture that is whole. */
export async function metadata(): Promise<Hostile[]> {
  const [png, jpeg, webp, gif] = await Promise.all(
    (['png', 'jpeg', 'webp', 'gif'] as const).map((format) => sampleImage(format)),
  );
  const exif = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'), noise(60_000, 3)]);
  const looping = Buffer.from(
    '457869660000' + '4d4d002a00000008' + '0001' + '011200030000000100090000' + '00000008',
    'hex',
  );
  const profile = (marker: string) => Buffer.concat([Buffer.from(marker, 'latin1'), noise(3000, 5)]);
  return [
    {
      name: 'deep: PNG with 20000 text chunks',
      bytes: withPngChunks(png!, Array<Buffer>(20_000).fill(pngChunk('tEXt', Buffer.from('a\0b')))),
      expected: tooComplex,
    },
    {
      name: 'deep: PNG with 500 text chunks',
      bytes: withPngChunks(png!, Array<Buffer>(500).fill(pngChunk('tEXt', Buffer.from('a\0b')))),
      expected: fine,
    },
    {
      name: 'deep: JPEG with 5000 comments',
      bytes: withJpegSegments(jpeg!, Array<Buffer>(5000).fill(jpegSegment(0xfe, Buffer.from('hello')))),
      expected: fine,
    },
    { name: 'deep: TIFF whose directory follows itself', bytes: await loopingTiff() },
    {
      name: 'deep: PNG with 50000 empty chunks behind its data',
      bytes: Buffer.concat([
        png!.subarray(0, -pngEndBytes),
        ...Array<Buffer>(50_000).fill(pngChunk('tEXt', Buffer.alloc(0))),
        png!.subarray(-pngEndBytes),
      ]),
      expected: tooComplex,
    },
    { name: 'deep: TIFF of two million strips', bytes: await tiffOfStrips(2_000_000), expected: tooComplex },
    {
      name: 'deep: GIF with 100000 comments',
      bytes: Buffer.concat([
        gif!.subarray(0, -1),
        Buffer.from('21fe00'.repeat(100_000), 'hex'),
        Buffer.from(';'),
      ]),
      expected: tooComplex,
    },
    {
      name: 'deep: JPEG of 110 scans',
      bytes: manyScans(await flat(40, 30).jpeg({ progressive: true }).toBuffer(), 110),
      expected: tooComplex,
    },
    {
      name: 'exif: JPEG with 100 blocks of 60 kB',
      bytes: withJpegSegments(jpeg!, Array<Buffer>(100).fill(jpegSegment(0xe1, exif))),
    },
    {
      name: 'exif: a directory that follows itself and orientation 9',
      bytes: withJpegSegments(jpeg!, [jpegSegment(0xe1, looping)]),
      expected: fine,
    },
    { name: 'exif: PNG with 4 MB', bytes: withPngChunks(png!, [pngChunk('eXIf', noise(4 << 20, 7))]) },
    {
      name: 'icc: JPEG with a profile of noise',
      bytes: withJpegSegments(jpeg!, [jpegSegment(0xe2, profile('ICC_PROFILE\0\x01\x01'))]),
      expected: fine,
    },
    {
      name: 'icc: PNG with a profile of noise',
      bytes: withPngChunks(png!, [
        pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(noise(3000, 5))])),
      ]),
      expected: fine,
    },
    {
      name: 'chunks: WebP with a megabyte of unknown ones',
      bytes: Buffer.concat([
        webp!,
        ...Array<Buffer>(1000).fill(
          Buffer.concat([Buffer.from('junk\xe8\x03\0\0', 'latin1'), Buffer.alloc(1000)]),
        ),
      ]),
      expected: fine,
    },
  ];
}

/** What calls itself an image and is none. */
export function impostors(): Hostile[] {
  const refused = ['unsupported-type'];
  const file = (name: string, content: string | Buffer, expected: readonly string[] = refused): Hostile => ({
    name: `impostor: ${name}`,
    bytes: Buffer.from(content as string, 'latin1'),
    expected,
  });
  return [
    file('nothing', '', ['unsupported-type', 'image-truncated']),
    file('text', 'This is not an image, whatever its name says.'),
    file('SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'),
    file('SVG behind a declaration', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    file('PDF', '%PDF-1.7\n1 0 obj'),
    file('HTML', '<!doctype html><script>alert(1)</script>'),
    file('MP4', '\0\0\0\x20ftypisom\0\0\0\0isomiso2avc1mp41'),
    file('a HEIC start and nothing else', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', broken),
    file('a PNG signature and nothing else', '\x89PNG\r\n\x1a\n', ['image-truncated']),
    file('a JPEG start and nothing else', '\xff\xd8\xff', ['image-truncated']),
    file('a JPEG start and zeros', '\xff\xd8\xff' + '\0'.repeat(100_000), broken),
    file('a GIF header and noise', Buffer.concat([Buffer.from('GIF89a'), noise(500, 9)]), [
      'image-corrupt',
      'image-truncated',
      'image-too-many-pixels',
    ]),
    file('a BMP mark in a letter', 'BM, as we say here, is a company and not a picture.'),
  ];
}

/** Good animations, beside the bombs. */
export async function goodAnimations(): Promise<Hostile[]> {
  return [
    { name: 'good: GIF of 12 frames', bytes: await animation('gif', 12), expected: fine },
    { name: 'good: WebP of 12 frames', bytes: await animation('webp', 12), expected: fine },
  ];
}
