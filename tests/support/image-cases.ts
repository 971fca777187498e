import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { pngChunks } from '../../shared/images/process/engine/sources/png-chunks.ts';
import { FileView } from '../../shared/images/process/file/file-view.ts';
import { inMemory } from '../../shared/images/process/file/in-memory.ts';
import {
  jpegSegment,
  patched,
  pngChunk,
  pngEndBytes,
  tiffValueOffset,
  withJpegSegments,
  withPngChunks,
} from './hostile/parts.ts';
import { be16, be32, exifBlock, hex, join, le16, le32, orientationTag } from './image-bytes.ts';
import { heicGrid } from './heic-grid.ts';
import { screenProfile, srgbAtD50 } from './icc-profile.ts';
import {
  greyFromWhite,
  greyHalves,
  greyLab16,
  greyLab8,
  greyPhoto,
  inkFloats,
  labFloats,
  linearFloats,
  signedInks,
} from './odd-tiffs.ts';
import { asSharp, photoPixels } from './photos.ts';
import { plainTiff } from './plain-tiff.ts';

/** Kinds of files that cameras, phones and programs make, and what has to become of each (issue 19). */
export interface ImageCase {
  readonly kind: string;
  readonly file: () => Promise<Buffer>;
  /** Width and height upright, or the code of the refusal. */
  readonly becomes: readonly [width: number, height: number] | string;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** The picture, where it is not `photo()` as it is stored. */
  readonly shows?: () => Promise<Sharp>;
}

const [width, height] = [320, 200];
export const photo = async (): Promise<Sharp> => asSharp(await photoPixels(width, height, 3));
const jpeg = async (options = {}) => (await photo()).jpeg({ quality: 90, ...options }).toBuffer();
const png = async () => (await photo()).png().toBuffer();
const tiff = async (options = {}) => (await photo()).tiff({ compression: 'none', ...options }).toBuffer();
const turned = async () => (await photo()).rotate(90);

const exif = (...entry: [type: number, count: number, value: Uint8Array]) => {
  const [type, count, value] = entry;
  return join(
    'Exif\0\0MM',
    be16(42),
    be32(8),
    be16(1),
    be16(orientationTag),
    be16(type),
    be32(count),
    value,
    be32(0),
  );
};
const short6 = exif(3, 1, join(be16(6), be16(0)));
const withExif = async (...blocks: Uint8Array[]) =>
  withJpegSegments(
    await jpeg(),
    blocks.map((block) => jpegSegment(0xe1, Buffer.from(block))),
  );
const withoutEnd = (file: Buffer) => file.subarray(0, -2);
const trailer = join(
  'SEFT',
  Buffer.alloc(500, 0x41),
  hex('ff09 ffd8 ffe0 0004 0000 ff00'),
  'motion photo',
  Buffer.alloc(999),
);
const fixture = (name: string) =>
  readFile(fileURLToPath(new URL(`../fixtures/images/${name}`, import.meta.url)));

/** The first frame shows the photo; a second one is cut. */
async function gif(canvas: readonly [number, number], ...others: Buffer[]): Promise<Buffer> {
  const file = await (await photo()).gif({ colours: 64 }).toBuffer();
  const copy = Buffer.from(file.subarray(0, -1));
  copy.writeUInt16LE(canvas[0], 6);
  copy.writeUInt16LE(canvas[1], 8);
  return join(copy, ...others);
}
const frame = hex('2c 0000 0000 0100 0100 00 02 02 4401 00');

async function onCanvas(): Promise<Sharp> {
  const pixels = await (
    await photo()
  )
    .extend({ right: 480, bottom: 400, background: '#ffffff' })
    .png()
    .toBuffer();
  return sharp(pixels);
}

interface Bitmap {
  readonly header: Buffer;
  readonly palette?: Buffer;
  readonly bits: 16 | 24 | 32;
  readonly pixel: (red: number, green: number, blue: number) => Uint8Array;
}

/** Rows from the bottom, each of whole 32-bit words. */
async function bmp({ header, palette = Buffer.alloc(0), bits, pixel }: Bitmap): Promise<Buffer> {
  const raw = await (await photo()).raw().toBuffer();
  const rows = Array.from({ length: height }, (_, y) => {
    const at = (height - 1 - y) * width * 3;
    const pixels = Array.from({ length: width }, (__, x) =>
      pixel(raw[at + x * 3]!, raw[at + x * 3 + 1]!, raw[at + x * 3 + 2]!),
    );
    return join(...pixels, Buffer.alloc((4 - (((width * bits) / 8) % 4)) % 4));
  });
  const offset = 14 + header.length + palette.length;
  return join('BM', le32(0), le32(0), le32(offset), header, palette, ...rows);
}
const info = (bytes: number, bits: number, compression: number, ...rest: Uint8Array[]) => {
  const start = join(
    le32(bytes),
    le32(width),
    le32(height),
    le16(1),
    le16(bits),
    le32(compression),
    Buffer.alloc(20),
  );
  const masks = join(...rest);
  return join(start, masks, Buffer.alloc(Math.max(0, bytes - 40 - masks.length)));
};
const bgr = (red: number, green: number, blue: number) => Buffer.from([blue, green, red]);
const fiveBits = (red: number, green: number, blue: number) =>
  le16(((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3));

const halfClear = async () => (await photo()).ensureAlpha(0.5);

/** Of linear light, as the profile behind the pixels says (bV5ProfileData). */
async function linearBmp(): Promise<Buffer> {
  const icc = screenProfile(srgbAtD50, 1);
  const header = info(124, 24, 0);
  header.writeUInt32LE(0x4d424544, 56);
  header.writeUInt32LE(124 + width * height * 3, 112);
  header.writeUInt32LE(icc.length, 116);
  const light = (byte: number) =>
    255 * (byte <= 10.31475 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const pixel = (...rgb: number[]) => Buffer.from(rgb.toReversed().map((byte) => Math.round(light(byte))));
  return join(await bmp({ header, bits: 24, pixel }), icc);
}

async function tiffOf(tag: number, value: number): Promise<Buffer> {
  const file = await tiff();
  return patched(file, tiffValueOffset(file, tag), (copy, at) => copy.writeUInt16LE(value, at));
}

/** `kind` is what ExtraSamples says of the fourth channel. */
async function extraChannel(kind?: number, value = 0): Promise<Buffer> {
  const raw = await (await photo()).raw().toBuffer();
  const data = Buffer.alloc((raw.length / 3) * 4, value);
  for (let from = 0, to = 0; from < raw.length; from += 3, to += 4) raw.copy(data, to, from, from + 3);
  return plainTiff(width, height, data, [
    [258, 8],
    [262, 2],
    [277, 4],
    ...(kind === undefined ? [] : [[338, kind] as const]),
  ]);
}

const profile = async () =>
  (await sharp(await (await photo()).withIccProfile('srgb').png().toBuffer()).metadata()).icc!;

async function floats(icc?: Uint8Array): Promise<Buffer> {
  const raw = await (await photo()).raw().toBuffer();
  const data = Buffer.from(Float32Array.from(raw, (value) => value / 255).buffer);
  return plainTiff(width, height, data, [
    [258, 32],
    [262, 2],
    [277, 3],
    [339, 3],
    ...(icc ? [[34_675, icc] as const] : []),
  ]);
}

/** L*a*b* of one grey, whose sRGB is known: L* 50 is 119. */
function lab(): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < data.length; at += 3) data[at] = 127.5;
  return plainTiff(width, height, data, [
    [258, 8],
    [262, 8],
    [277, 3],
  ]);
}

const oldJpeg = async (): Promise<Buffer> => {
  const stream = await jpeg();
  const base = plainTiff(width, height, stream, [
    [258, 8],
    [262, 6],
    [277, 3],
    [513, 8 + 2 + 11 * 12 + 4],
    [514, 0],
  ]);
  return patched(base, tiffValueOffset(base, 259), (copy, at) => copy.writeUInt16LE(6, at));
};

async function oldJpegTables(): Promise<Buffer> {
  const file = await oldJpeg();
  const stream = file.indexOf(hex('ffd8'));
  const frame = file.indexOf(hex('ffc0'), stream);
  return join(file.subarray(0, frame), hex('ffd9'), file.subarray(frame));
}

/** Its directory comes first, as Photoshop writes it, so that only pixels are missing. */
async function cutTiff(compression: number, packed: (pixels: Buffer) => Buffer): Promise<Buffer> {
  const data = packed(await (await photo()).raw().toBuffer());
  const file = plainTiff(width, height, data, [
    [258, 8],
    [262, 2],
    [277, 3],
  ]);
  file.writeUInt16LE(compression, tiffValueOffset(file, 259));
  return file.subarray(0, -data.length / 10);
}

/** A camera's raw file: its thumbnail comes first, the picture below. */
async function rawWithThumbnail(): Promise<Buffer> {
  const thumbnail = await (await photo()).resize(80, 50).raw().toBuffer();
  return plainTiff(80, 50, thumbnail, [
    [254, 1],
    [258, 8],
    [262, 2],
    [277, 3],
    [330, 9_999],
    [50_706, Buffer.from([1, 4, 0, 0])],
  ]);
}

/** Its default image, a black one, is none of its frames, of which the first shows the photo at `place` of the canvas. */
async function apng(
  canvas: readonly [number, number],
  place: readonly [number, number],
  size: readonly [number, number] = [width, height],
  { frames = 1, sequence = 0, emptyFrame = false } = {},
): Promise<Buffer> {
  let next = sequence;
  const create = { width: canvas[0], height: canvas[1], channels: 3, background: 'black' } as const;
  const [fallback, frame] = [await sharp({ create }).png().toBuffer(), await png()];
  const data = join(
    ...pngChunks(new FileView(inMemory(frame)))
      .filter(({ type }) => type === 'IDAT')
      .map(({ range: [from, to] }) => frame.subarray(from + 8, to - 4)),
  );
  const control = () =>
    pngChunk('fcTL', join(be32(next++), ...[...size, ...place].map(be32), be16(1), be16(10), be16(0)));
  return join(
    withPngChunks(fallback.subarray(0, -pngEndBytes), [pngChunk('acTL', join(be32(frames), be32(0)))]),
    ...(emptyFrame ? [control()] : []),
    control(),
    pngChunk('fdAT', join(be32(next++), data.subarray(0, 999))),
    pngChunk('fdAT', join(be32(next++), data.subarray(999))),
    fallback.subarray(-pngEndBytes),
  );
}

const black = () =>
  Promise.resolve(sharp({ create: { width, height, channels: 3, background: 'black' } }).png());

/** The photo at a place of a larger canvas, white where nothing is. */
async function placed(canvas: readonly [number, number], [left, top]: readonly [number, number]) {
  const around = { left, top, right: canvas[0] - width - left, bottom: canvas[1] - height - top };
  return sharp(
    await (
      await photo()
    )
      .extend({ ...around, background: '#ffffff' })
      .png()
      .toBuffer(),
  );
}

/** Without a colour that is transparent: what the frame does not cover is so all the same. */
async function gifAt(canvas: readonly [number, number], place: readonly [number, number]): Promise<Buffer> {
  const file = Buffer.from(await gif(canvas, Buffer.from(';')));
  const at = file.indexOf(join(hex('2c'), le16(0), le16(0), le16(width), le16(height)));
  file.writeUInt16LE(place[0], at + 1);
  file.writeUInt16LE(place[1], at + 3);
  return file;
}

/** Signed numbers, of which the smallest is black. */
async function signed(bits: 8 | 16): Promise<Buffer> {
  const raw = await (await photo()).raw().toBuffer();
  const data = bits === 8 ? raw : Buffer.from(Int16Array.from(raw, (value) => value * 257 - 32_768).buffer);
  return plainTiff(width, height, data, [
    [258, bits],
    [262, 2],
    [277, 3],
    [339, 2],
  ]);
}

/** Of 12 bits a sample, as scanners write it. */
const twelveBits = () =>
  Promise.resolve(
    plainTiff(width, height, Buffer.alloc(width * height * 1.5), [
      [258, 12],
      [262, 1],
      [277, 1],
    ]),
  );

/** Its data are damaged in its middle; it ends as it should. */
async function damagedJpeg(): Promise<Buffer> {
  const file = Buffer.from(await jpeg());
  const from = Math.floor(file.length / 3);
  return join(file.subarray(0, from), hex('ffd0'), file.subarray(file.length - 400));
}

/** The photo twice; `change` gets what is coded of the second. */
async function heicTiles(change: (tile: Buffer) => unknown = () => undefined): Promise<Buffer> {
  const single = await fixture('photo.heic');
  const tile = single.subarray(single.indexOf('mdat') + 4);
  const other = Buffer.from(tile);
  change(other);
  return heicGrid(single, [tile, other], [width, 2 * height]);
}

async function twice(): Promise<Sharp> {
  const input = await png();
  return sharp(
    await (
      await photo()
    )
      .extend({ bottom: height, background: '#000000' })
      .composite([{ input, left: 0, top: height }])
      .png()
      .toBuffer(),
  );
}

const withChunks = async (...chunks: Buffer[]) => withPngChunks(await png(), chunks);
const zeros = deflateSync(Buffer.alloc(64 << 20));

export const imageCases: readonly ImageCase[] = [
  {
    kind: 'JPEG with two EXIF blocks: the first counts',
    file: () => withExif(short6, exif(3, 1, join(be16(1), be16(0)))),
    becomes: [height, width],
    shows: turned,
  },
  {
    kind: 'JPEG whose orientation has count 0',
    file: () => withExif(exif(3, 0, join(be16(6), be16(0)))),
    becomes: [width, height],
  },
  {
    kind: 'JPEG whose orientation is a LONG',
    file: () => withExif(exif(4, 1, be32(6))),
    becomes: [width, height],
  },
  {
    kind: 'JPEG without an end marker',
    file: async () => withoutEnd(await jpeg()),
    becomes: [width, height],
  },
  {
    kind: 'JPEG with bytes behind it',
    file: async () => join(await jpeg(), trailer),
    becomes: [width, height],
  },
  {
    kind: 'JPEG without an end marker and a trailer of its maker',
    file: async () => join(withoutEnd(await jpeg({ progressive: true })), trailer),
    becomes: [width, height],
  },
  {
    kind: 'JPEG with a second picture behind it',
    file: async () => join(await jpeg(), await (await turned()).jpeg().toBuffer()),
    becomes: [width, height],
  },
  {
    kind: 'JPEG that is cut',
    file: async () => (await jpeg()).subarray(0, 9000),
    becomes: 'image-truncated',
  },
  {
    kind: 'progressive JPEG that is cut behind its first scan',
    file: async () => {
      const file = await jpeg({ progressive: true });
      return file.subarray(0, file.length * 0.7);
    },
    becomes: [width, height],
    facts: { partial: true },
  },
  {
    kind: 'PNG with an EXIF orientation',
    file: async () => withChunks(pngChunk('eXIf', exifBlock([[orientationTag, 6]], 'MM'))),
    becomes: [height, width],
    shows: turned,
  },
  {
    kind: 'JPEG that is damaged in its middle',
    file: damagedJpeg,
    becomes: 'image-truncated',
  },
  {
    kind: 'APNG whose default image is no frame',
    file: () => apng([width, height], [0, 0]),
    becomes: [width, height],
  },
  {
    kind: 'APNG whose first frame is smaller than its canvas',
    file: () => apng([500, 300], [100, 40]),
    becomes: [500, 300],
    shows: () => placed([500, 300], [100, 40]),
  },
  {
    kind: 'APNG whose first frame has no data: the next one',
    file: () => apng([width, height], [0, 0], [width, height], { frames: 2, emptyFrame: true }),
    becomes: [width, height],
    facts: { frames: 2 },
  },
  {
    // An error before the animation starts (PNG third edition, 13.2): the default image.
    kind: 'APNG whose chunks do not count from 0',
    file: () => apng([width, height], [0, 0], [width, height], { sequence: 1 }),
    becomes: [width, height],
    shows: black,
  },
  ...[0, 0x80000001].map((frames): ImageCase => ({
    kind: `APNG of ${frames} frames, which is none`,
    file: () => apng([width, height], [0, 0], [width, height], { frames }),
    becomes: [width, height],
    shows: black,
  })),
  {
    // Not a frame at all: browsers show the default image.
    kind: 'APNG whose first frame is larger than its canvas',
    file: () => apng([width, height], [0, 0], [60_000, 60_000]),
    becomes: [width, height],
    shows: black,
  },
  {
    kind: 'PNG with texts that inflate to 64 MB each',
    file: async () =>
      withChunks(...Array<Buffer>(50).fill(pngChunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), zeros])))),
    becomes: [width, height],
  },
  {
    kind: 'PNG with a profile that inflates to 64 MB',
    file: async () => withChunks(pngChunk('iCCP', Buffer.concat([Buffer.from('a\0\0'), zeros]))),
    becomes: 'image-too-complex',
  },
  {
    kind: 'WebP whose flags do not announce its EXIF',
    file: async () => {
      const file = Buffer.from(
        await (await photo()).withMetadata({ orientation: 6 }).webp({ quality: 90 }).toBuffer(),
      );
      file[20]! &= ~8;
      return file;
    },
    becomes: [width, height],
  },
  {
    kind: 'GIF whose screen is larger than its frame',
    file: () => gif([800, 600], Buffer.from(';')),
    becomes: [800, 600],
    shows: onCanvas,
  },
  {
    kind: 'GIF whose frame lies within its screen',
    file: () => gifAt([500, 300], [100, 40]),
    becomes: [500, 300],
    shows: () => placed([500, 300], [100, 40]),
  },
  {
    kind: 'GIF that is cut in its second frame',
    file: () => gif([width, height], frame.subarray(0, 12)),
    becomes: [width, height],
    facts: { partial: true },
  },
  {
    kind: 'GIF of 3000 frames: the first one',
    file: () => gif([width, height], ...Array<Buffer>(2999).fill(frame), Buffer.from(';')),
    becomes: [width, height],
    facts: { frames: 3000 },
  },
  {
    kind: 'BMP of OS/2',
    file: () =>
      bmp({ header: join(le32(12), le16(width), le16(height), le16(1), le16(24)), bits: 24, pixel: bgr }),
    becomes: [width, height],
  },
  {
    kind: 'BMP with 5 bits a channel',
    file: () => bmp({ header: info(40, 16, 0), bits: 16, pixel: fiveBits }),
    becomes: [width, height],
  },
  {
    kind: 'BMP with a mask for alpha',
    file: () =>
      bmp({
        header: info(56, 32, 3, le32(0xff0000), le32(0xff00), le32(0xff), be32(0xff)),
        bits: 32,
        pixel: (r, g, b) => Buffer.from([b, g, r, 255]),
      }),
    becomes: [width, height],
  },
  {
    kind: 'BMP with a mask for alpha, and none that count for colours',
    file: () =>
      bmp({
        header: info(108, 32, 0, le32(0xff), le32(0xff00), le32(0xff0000), be32(0xff)),
        bits: 32,
        pixel: (r, g, b) => Buffer.from([b, g, r, 128]),
      }),
    becomes: [width, height],
    shows: halfClear,
  },
  {
    kind: 'BMP with a profile',
    file: linearBmp,
    becomes: [width, height],
  },
  {
    kind: 'BMP whose pixels begin behind a gap',
    file: () => bmp({ header: info(40, 24, 0), palette: Buffer.alloc(100), bits: 24, pixel: bgr }),
    becomes: [width, height],
  },
  {
    kind: 'BMP that is cut',
    file: async () => (await bmp({ header: info(40, 24, 0), bits: 24, pixel: bgr })).subarray(0, 100_000),
    becomes: 'image-truncated',
  },
  { kind: 'TIFF that is cut', file: () => cutTiff(1, (pixels) => pixels), becomes: 'image-corrupt' },
  { kind: 'TIFF with Deflate that is cut', file: () => cutTiff(8, deflateSync), becomes: 'image-corrupt' },
  { kind: 'raw file of a camera', file: rawWithThumbnail, becomes: 'raw-not-supported' },
  { kind: 'TIFF with LZMA', file: () => tiffOf(259, 34_925), becomes: 'unsupported-compression' },
  { kind: 'TIFF with zstd', file: () => tiffOf(259, 50_000), becomes: 'unsupported-compression' },
  {
    kind: 'TIFF whose fourth channel is no alpha',
    file: () => extraChannel(0),
    becomes: [width, height],
  },
  {
    kind: 'TIFF that says nothing of its fourth channel: alpha',
    file: () => extraChannel(undefined, 128),
    becomes: [width, height],
    shows: halfClear,
  },
  { kind: 'TIFF of floating point numbers', file: () => floats(), becomes: [width, height] },
  {
    kind: 'TIFF of floating point numbers with a profile',
    file: async () => floats(await profile()),
    becomes: [width, height],
  },
  { kind: 'TIFF of signed bytes', file: () => signed(8), becomes: [width, height] },
  { kind: 'TIFF of signed words', file: () => signed(16), becomes: [width, height] },
  { kind: 'TIFF of 12 bits', file: twelveBits, becomes: 'unsupported-compression' },
  {
    kind: 'TIFF in L*a*b*',
    file: () => Promise.resolve(lab()),
    becomes: [width, height],
    shows: () =>
      Promise.resolve(
        sharp({ create: { width, height, channels: 3, background: { r: 119, g: 119, b: 119 } } }),
      ),
  },
  { kind: 'TIFF in grey of 16-bit floats', file: greyHalves, becomes: [width, height], shows: greyPhoto },
  {
    kind: 'TIFF in grey of floats, of which 0 is white',
    file: greyFromWhite,
    becomes: [width, height],
    shows: greyPhoto,
  },
  { kind: 'TIFF of linear floats, as its profile says', file: linearFloats, becomes: [width, height] },
  { kind: 'TIFF in CMYK of floats', file: inkFloats, becomes: [width, height] },
  { kind: 'TIFF in CMYK of signed bytes', file: signedInks, becomes: 'unsupported-compression' },
  { kind: 'TIFF in L*a*b* around grey', file: greyLab8, becomes: [width, height], shows: greyPhoto },
  {
    kind: 'TIFF in L*a*b* of 16 bits with alpha',
    file: greyLab16,
    becomes: [width, height],
    shows: greyPhoto,
  },
  { kind: 'TIFF in L*a*b* of floats', file: labFloats, becomes: 'unsupported-compression' },
  { kind: 'TIFF with old-style JPEG', file: oldJpeg, becomes: [width, height] },
  {
    kind: 'TIFF with the tables of old-style JPEG, and data elsewhere',
    file: oldJpegTables,
    becomes: 'unsupported-compression',
  },
  { kind: 'HEIC', file: () => fixture('photo.heic'), becomes: [width, height] },
  { kind: 'HEIC of tiles', file: async () => heicTiles(), becomes: [width, 2 * height], shows: twice },
  {
    kind: 'HEIC of tiles, one of which is damaged',
    file: async () => heicTiles((tile) => tile.fill(0, tile.length / 2)),
    becomes: 'image-corrupt',
  },
  {
    kind: 'HEIC that is damaged',
    file: async () => {
      const file = Buffer.from(await fixture('photo.heic'));
      return file.fill(0, 22_000, 22_040);
    },
    becomes: 'image-corrupt',
  },
  {
    kind: 'HEIC that is cut',
    file: async () => (await fixture('photo.heic')).subarray(0, -2_000),
    becomes: 'image-corrupt',
  },
  {
    kind: 'HEIF of a codec that is not read',
    file: async () => {
      const file = Buffer.from(await fixture('photo.heic'));
      file.write('jpeg', file.indexOf('hvc1'), 'latin1');
      return file;
    },
    becomes: 'unsupported-compression',
  },
  {
    kind: 'AVIF of 28 megapixels, a grid',
    file: () => fixture('28-megapixels.avif'),
    becomes: 'image-too-many-pixels',
  },
  { kind: 'HEIC in Display P3', file: () => fixture('display-p3.heic'), becomes: [width, height] },
  { kind: 'HEIC of 10 bits', file: () => fixture('10-bits.heic'), becomes: [width, height] },
  { kind: 'JPEG XL', file: () => fixture('photo.jxl'), becomes: [width, height] },
  {
    kind: 'JPEG XL, lossless in Display P3',
    file: () => fixture('lossless-p3.jxl'),
    becomes: [width, height],
  },
  { kind: 'JPEG XL of 16 bits in boxes', file: () => fixture('boxes-16-bits.jxl'), becomes: [width, height] },
  {
    kind: 'JPEG XL with an orientation',
    file: () => fixture('orientation-6.jxl'),
    becomes: [height, width],
    shows: turned,
  },
];
