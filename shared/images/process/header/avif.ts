import { boxesIn, type Box } from './boxes.ts';
import { corrupt } from './faults.ts';
import { ascii, skip, take, takeOrEnd, type Pull } from './pull.ts';
import type { PixelCheck, Shape } from './shape.ts';

const maxMetaBytes = 1_048_576;
const fullBoxBytes = 4;

/** AVIF is HEIF (ISO/IEC 23008-12): sizes are properties in the `meta` box; the largest counts against the limit. */
export function* avif(check: PixelCheck): Pull<Shape> {
  const meta = yield* metaBox();
  const properties = boxesIn(meta, fullBoxBytes).find(({ type }) => type === 'iprp');
  const container = properties && boxesIn(properties.body).find(({ type }) => type === 'ipco');
  const all = container ? boxesIn(container.body) : [];
  const sizes = all.filter(({ type }) => type === 'ispe').map(extent);
  const largest = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!largest) throw corrupt('the AVIF does not tell its size');
  check(largest.width, largest.height, 1);
  const rotation = all.find(({ type }) => type === 'irot');
  const quarters = rotation && rotation.body.byteLength > 0 ? rotation.body.getUint8(0) & 3 : 0;
  return { ...largest, frames: 1, orientation: 1, turned: quarters % 2 === 1 };
}

function extent({ body }: Box): { width: number; height: number } {
  if (body.byteLength < 12) throw corrupt('the AVIF has a size that is too short');
  return { width: body.getUint32(4), height: body.getUint32(8) };
}

function* metaBox(): Pull<DataView> {
  for (;;) {
    const head = yield* takeOrEnd(8);
    if (head.byteLength < 8) throw corrupt('the AVIF has no meta box');
    const type = ascii(head, 4, 4);
    let length = head.getUint32(0) - 8;
    if (length === -7) {
      const long = yield* take(8);
      length = Number(long.getBigUint64(0)) - 16;
    }
    if (length < 0) throw corrupt('a box of the AVIF has an impossible length');
    if (type !== 'meta') yield* skip(length);
    else if (length > maxMetaBytes) throw corrupt('the AVIF has too much metadata');
    else return yield* take(length);
  }
}
