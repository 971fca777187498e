import { corrupt } from '../../header/faults.ts';
import type { Box } from '../../header/boxes.ts';
import { itemProperties } from '../../header/heif-properties.ts';
import type { Size } from '../port.ts';
import { hasHole, lastPicture, scratch, withDecoder, type Libde265 } from './libde265.ts';

const fourCc = (text: string): number => Buffer.from(text, 'latin1').readUInt32BE();
const [hevc, grid] = [fourCc('hvc1'), fourCc('grid')];
/** A coded picture, and of a tile where it lies on the canvas, beyond which cameras fill it with zeros. */
interface Coded {
  readonly item: number;
  readonly column: number;
  readonly row: number;
}

interface Items {
  readonly coded: readonly Coded[];
  /** What is seen of all; undefined where something is cropped. */
  readonly canvas: Size | undefined;
}

/**
 * Throws where part of a picture cannot be decoded. libheif shows what libde265 made of it and tells nothing, so it is decoded
 * once more on its own, in memory that nothing was in: what is left out of a picture is zero then.
 */
export function requireWhole(library: Libde265, context: number, meta: readonly Box[]): void {
  const { coded, canvas } = codedItems(library, context, meta);
  for (const each of coded) {
    const configuration = itemProperties(meta, each.item).own.find(({ type }) => type === 'hvcC')?.body;
    if (configuration && !isWhole(library, context, each, { configuration, canvas }))
      throw corrupt('part of its picture cannot be decoded');
  }
}

/** The items that the picture is made of: itself, or the tiles of a grid. */
function codedItems(library: Libde265, context: number, meta: readonly Box[]): Items {
  return scratch(library, 6, (at) => {
    library._heif_context_get_primary_image_ID(at, context, at + 12);
    const item = library.HEAPU32[at / 4 + 3]!;
    const isCropped = itemProperties(meta, item).own.some(({ type }) => type === 'clap');
    const everything = { width: Infinity, height: Infinity };
    const whole = (canvas: Size) => (isCropped ? undefined : canvas);
    if (library._heif_item_get_item_type(context, item) !== grid)
      return { coded: isHevc(item) ? [{ item, column: 0, row: 0 }] : [], canvas: whole(everything) };
    const { columns, ...canvas } = withData(library, context, item, gridOf) ?? { columns: 1, ...everything };
    const count = library._heif_context_get_item_references(context, item, 0, at + 16, at + 20);
    const from = library.HEAPU32[at / 4 + 5]! / 4;
    const coded = Array.from(library.HEAPU32.slice(from, from + count), (tile, index) => ({
      item: tile,
      column: index % columns,
      row: Math.floor(index / columns),
    }));
    return { coded: coded.filter(({ item: tile }) => isHevc(tile)), canvas: whole(canvas) };
  });

  function isHevc(item: number): boolean {
    return library._heif_item_get_item_type(context, item) === hevc;
  }
}

/** ImageGrid (ISO/IEC 23008-12, 6.6.2.3). */
function gridOf({ HEAPU8 }: Libde265, from: number, end: number) {
  const view = new DataView(HEAPU8.buffer, from, end - from);
  const isLong = (view.getUint8(1) & 1) === 1;
  const columns = view.getUint8(3) + 1;
  return isLong
    ? { columns, width: view.getUint32(4), height: view.getUint32(8) }
    : { columns, width: view.getUint16(4), height: view.getUint16(6) };
}

/** Works on the bytes of an item; undefined where they are not all there. */
function withData<T>(
  library: Libde265,
  context: number,
  item: number,
  work: (library: Libde265, from: number, end: number) => T,
): T | undefined {
  return scratch(library, 5, (at) => {
    library._heif_item_get_item_data(at, context, item, 0, at + 12, at + 16);
    const [code, , , from, bytes] = library.HEAPU32.slice(at / 4, at / 4 + 5);
    if (code !== 0) return undefined;
    try {
      return work(library, from!, from! + bytes!);
    } finally {
      library._heif_release_item_data(context, at + 12);
    }
  });
}

function isWhole(
  library: Libde265,
  context: number,
  { item, column, row }: Coded,
  { configuration, canvas }: { configuration: DataView; canvas: Size | undefined },
): boolean {
  const decode = (_: Libde265, from: number, end: number): boolean =>
    withDecoder(library, (decoder) => {
      const push = (at: number, length: number) => library._de265_push_NAL(decoder, at, length, 0, 0, 0);
      for (const set of parameterSets(configuration)) {
        scratch(library, Math.ceil(set.length / 4), (copy) => {
          library.HEAPU8.set(set, copy);
          push(copy, set.length);
        });
      }
      const lengthBytes = 1 + (configuration.getUint8(21) & 3);
      if (!pushUnits(library, [from, end], lengthBytes, push)) return false;
      const picture = lastPicture(library, decoder);
      const seen =
        canvas &&
        ((tile: Size): Size => ({
          width: Math.min(tile.width, canvas.width - column * tile.width),
          height: Math.min(tile.height, canvas.height - row * tile.height),
        }));
      return picture !== 0 && !hasHole(library, picture, seen);
    });
  return withData(library, context, item, decode) ?? false;
}

/** Of `hvcC` (ISO/IEC 14496-15, 8.3.3.1). */
function* parameterSets(body: DataView): Generator<Uint8Array> {
  let at = 23;
  for (let arrays = body.getUint8(22); arrays > 0; arrays--) {
    const count = body.getUint16(at + 1);
    at += 3;
    for (let index = 0; index < count; index++) {
      const length = body.getUint16(at);
      yield new Uint8Array(body.buffer, body.byteOffset + at + 2, length);
      at += 2 + length;
    }
  }
}

/** False where the last one is cut. */
function pushUnits(
  library: Libde265,
  [from, end]: readonly [number, number],
  lengthBytes: number,
  push: (from: number, length: number) => void,
): boolean {
  let at = from;
  while (at + lengthBytes <= end) {
    const length = library.HEAPU8.subarray(at, at + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    at += lengthBytes;
    if (at + length > end) return false;
    push(at, length);
    at += length;
  }
  return at === end;
}
