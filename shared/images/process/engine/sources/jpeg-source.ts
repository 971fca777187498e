import { FileView } from '../../file/file-view.ts';
import type { ImageFile, Range } from '../../file/image-file.ts';
import { tooComplex, truncated } from '../../header/faults.ts';
import { imageLimits } from '../../limits.ts';
import type { ImageHeader } from '../../ports.ts';
import { cmykReader } from '../colour/cmyk.ts';
import { readerByProfile } from '../colour/profiled.ts';
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

/** Bytes of JFIF, colour profile and Adobe's note, all of which libjpeg keeps in memory. */
const maxKeptBytes = imageLimits.maxProfileBytes;
const profileName = 'ICC_PROFILE\0';
const [jfif, profile, adobe, firstApp, lastApp, comment] = [0xe0, 0xe2, 0xee, 0xe0, 0xef, 0xfe];

interface Scans {
  readonly ranges: readonly Range[];
  /** How many scans there are; of a file that ends early, the last one is cut. */
  readonly count: number;
}

/** Whether the decoder needs the segment at `at`. Texts, previews and what cameras note can be any number of megabytes. */
function isOfPicture(view: FileView, marker: number, at: number): boolean {
  if (marker === profile) return view.bytes(at + 4, profileName.length).toString('latin1') === profileName;
  return (
    marker === jfif || marker === adobe || !(marker === comment || (marker >= firstApp && marker <= lastApp))
  );
}

/**
 * The file up to the end of its picture: phones and cameras leave the end marker out, or write films, second pictures and
 * notes behind it, which a decoder would take for a part of the picture.
 */
function jpegPicture(view: FileView): Scans {
  const ranges: Range[] = [];
  let [at, from, kept] = [2, 0, 0];
  const until = (end: number, count: number): Scans => ({ ranges: [...ranges, [from, end]], count });
  for (let count = 0, segments = 0; ; segments++) {
    if (segments > imageLimits.maxSegments) throw tooComplex('segments', imageLimits.maxSegments);
    at = view.indexOf(0xff, at);
    while (at >= 0 && view.byte(at + 1) === 0xff) at++;
    const marker = at < 0 ? undefined : view.byte(at + 1);
    if (marker === undefined || marker === 0xd9) return until(at < 0 ? view.size : at, count);
    if (marker === 0 || marker === 0x01 || isRestart(marker) || marker === 0xd8) {
      at += 2;
      continue;
    }
    if (at + 4 > view.size) return until(at, count);
    const next = at + 2 + view.bytes(at + 2, 2).readUInt16BE();
    if (!isOfPicture(view, marker, at)) {
      ranges.push([from, at]);
      from = Math.min(next, view.size);
    } else if (marker >= firstApp && marker <= lastApp && (kept += next - at) > maxKeptBytes)
      throw tooComplex('bytes of colour profile', maxKeptBytes);
    at = next;
    if (marker !== startOfScan) continue;
    if (++count > imageLimits.maxScans) throw tooComplex('scans', imageLimits.maxScans);
    at = endOfScan(view, at);
    if (!follows(view.byte(at + 1) ?? 0)) return until(at, count);
  }
}

/** Where the first marker behind the scan's data is. */
function endOfScan(view: FileView, from: number): number {
  for (let at = view.indexOf(0xff, from); at >= 0; at = view.indexOf(0xff, at)) {
    const marker = view.byte(at + 1);
    if (marker === undefined) return at;
    if (marker === 0xff) at++;
    else if (marker === 0 || isRestart(marker)) at += 2;
    else return at;
  }
  return view.size;
}

export async function openJpeg(file: ImageFile, header: ImageHeader, opener: Opener): Promise<Source> {
  const { ranges, count } = jpegPicture(new FileView(file));
  const { input } = file.keep([...ranges, endOfImage]);
  // libvips gives up at a hundred warnings, browsers do not; the number of scans is limited here.
  const pipeline = () => opener.file(input, { failOn: 'none', unlimited: true });
  const strict = () => opener.file(input, { failOn: 'warning', unlimited: true });
  const { width, height, space, icc } = await pipeline().metadata();
  return {
    ...{ width, height, frames: 1, orientation: header.orientation, pipeline, strict },
    read:
      space === 'cmyk'
        ? cmykReader(icc, { depth: 'uchar', largest: 255 }, opener)
        : readerByProfile({ space, icc }),
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
