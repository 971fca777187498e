import { imageLimits } from '../limits.ts';
import { boxesIn, type Box } from './boxes.ts';
import { corrupt, tooComplex } from './faults.ts';
import { primaryProperties } from './heif-properties.ts';
import { ascii, skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { Shape, SizeCheck } from './shape.ts';

const fullBoxBytes = 4;
/** Of the last box, which says 0. */
const toTheEnd = -8;

/** AVIF and HEIC are HEIF (ISO/IEC 23008-12): the `meta` box says which item is the picture, and its properties. */
export function* heif(check: SizeCheck): Pull<Shape> {
  const properties = primaryProperties(boxesIn(yield* metaBox(), fullBoxBytes));
  const sizes = properties.filter(({ type }) => type === 'ispe').map(extent);
  const largest = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!largest) throw corrupt('it does not tell its size');
  check(largest.width, largest.height);
  const rotation = properties.find(({ type }) => type === 'irot')?.body;
  const quarters = rotation && rotation.byteLength > 0 ? rotation.getUint8(0) & 3 : 0;
  return { ...largest, turned: quarters % 2 === 1, bytesPerPixel: isDeep(properties) ? 8 : 4 };
}

/** More than 8 bits in a channel, by `pixi` or the configuration of AV1 or HEVC. */
function isDeep(properties: readonly Box[]): boolean {
  const byte = (type: string, at: number): number => {
    const body = properties.find((each) => each.type === type)?.body;
    return body && body.byteLength > at ? body.getUint8(at) : 0;
  };
  return byte('pixi', 5) > 8 || (byte('av1C', 2) & 0x40) !== 0 || (byte('hvcC', 17) & 7) > 0;
}

function extent({ body }: Box): { width: number; height: number } {
  if (body.byteLength < 12) throw corrupt('it has a size that is too short');
  return { width: body.getUint32(4), height: body.getUint32(8) };
}

function* metaBox(): Pull<DataView> {
  for (let boxes = 0; boxes < imageLimits.maxSegments; boxes++) {
    const head = yield* takeOrEnd(8);
    if (head.byteLength < 8) throw corrupt('it has no meta box');
    const type = ascii(head, 4, 4);
    let length = head.getUint32(0) - 8;
    if (length === -7) {
      const long = yield* take(8);
      length = Number(long.getBigUint64(0)) - 16;
    }
    if (length === toTheEnd && type === 'meta') return yield* takeOrEnd(imageLimits.maxMetaBytes);
    if (length < 0) throw corrupt('one of its boxes has an impossible length');
    if (type !== 'meta') yield* skip(length);
    else if (length > imageLimits.maxMetaBytes)
      throw tooComplex('bytes of metadata', imageLimits.maxMetaBytes);
    else return yield* take(length);
  }
  throw tooComplex('boxes', imageLimits.maxSegments);
}
