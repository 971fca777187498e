import { tooComplex, truncated } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { cmykReader } from '../colour/cmyk.ts';
import { withReadableShare } from '../failures.ts';
import type { Opener } from '../pipeline.ts';
import { readableShare } from './readable-share.ts';
import type { Source } from './source.ts';

const endOfImage = Buffer.from([0xff, 0xd9]);
const startOfScan = 0xda;
/** Markers that may follow the data of a scan: another table, scan, comment or application segment, or the end. */
const follows = (marker: number): boolean =>
  marker === 0xc4 ||
  marker === 0xcc ||
  (marker >= 0xd9 && marker <= 0xdd) ||
  (marker >= 0xe0 && marker <= 0xfe);
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

interface Scans {
  readonly bytes: Buffer;
  /** How many scans there are; of a file that ends early, the last one is cut. */
  readonly count: number;
}

/**
 * The file up to the end of its picture, with an end marker: phones and cameras leave it out, or write films, second
 * pictures and notes behind it, which a decoder would take for a part of the picture.
 */
function jpegPicture(file: Buffer): Scans {
  let at = 2;
  for (let count = 0, segments = 0; ; segments++) {
    if (segments > imageLimits.maxSegments) throw tooComplex('segments', imageLimits.maxSegments);
    at = file.indexOf(0xff, at);
    while (at >= 0 && file[at + 1] === 0xff) at++;
    const marker = at < 0 ? undefined : file[at + 1];
    if (marker === undefined || marker === 0xd9)
      return { bytes: withEnd(file, at < 0 ? file.length : at), count };
    if (marker === 0 || marker === 0x01 || isRestart(marker) || marker === 0xd8) {
      at += 2;
      continue;
    }
    if (at + 4 > file.length) return { bytes: withEnd(file, at), count };
    at += 2 + file.readUInt16BE(at + 2);
    if (marker !== startOfScan) continue;
    if (++count > imageLimits.maxScans) throw tooComplex('scans', imageLimits.maxScans);
    at = endOfScan(file, at);
    if (!follows(file[at + 1] ?? 0)) return { bytes: withEnd(file, at), count };
  }
}

/** Where the first marker behind the scan's data is. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at)) {
    const marker = file[at + 1];
    if (marker === undefined) return at;
    if (marker === 0xff) at++;
    else if (marker === 0 || isRestart(marker)) at += 2;
    else return at;
  }
  return file.length;
}

const withEnd = (file: Buffer, at: number): Buffer =>
  file[at] === 0xff && file[at + 1] === 0xd9
    ? file.subarray(0, at + 2)
    : Buffer.concat([file.subarray(0, at), endOfImage]);

export async function openJpeg(file: Buffer, header: ImageHeader, opener: Opener): Promise<Source> {
  const { bytes, count } = jpegPicture(file);
  // libvips gives up at a hundred warnings, browsers do not; the number of scans is limited here.
  const pipeline = () => opener.file(bytes, { failOn: 'none', unlimited: true });
  const strict = () => opener.file(bytes, { failOn: 'warning', unlimited: true });
  const { width, height, space, icc } = await pipeline().metadata();
  return {
    ...{ width, height, frames: 1, orientation: header.orientation, pipeline, strict },
    read: space === 'cmyk' ? cmykReader(icc, 8, opener) : undefined,
    isPartial: async (warnings) => {
      if (warnings.some((warning) => /premature end/i.test(warning))) {
        // A progressive JPEG is made to be shown while it arrives: each scan makes the whole picture finer.
        if (header.isInterlaced && count > 1) return true;
        throw withReadableShare(truncated(), await readableShare(pipeline()));
      }
      return warnings.some((warning) =>
        /corrupt jpeg data: bad|invalid|inconsistent|unsupported/i.test(warning),
      );
    },
  };
}
