import { join, le16, le32 } from './image-bytes.ts';

type Field = readonly [tag: number, value: number | Uint8Array];
const [undefinedType, shortType, longType] = [7, 3, 4];
const [stripOffset, stripBytes] = [273, 279];

/** A TIFF of one strip, uncompressed; what has bytes as its value follows the pixels. */
export function plainTiff(
  width: number,
  height: number,
  pixels: Uint8Array,
  fields: readonly Field[],
): Buffer {
  const all: readonly Field[] = [
    ...fields,
    ...([
      [256, width],
      [257, height],
      [259, 1],
      [278, height],
      [stripOffset, 0],
    ] as const),
    [stripBytes, pixels.length],
  ];
  const pixelsAt = 8 + 2 + all.length * 12 + 4;
  const bodies = [pixels];
  let end = pixelsAt + pixels.length;
  const entry = (tag: number, type: number, count: number, value: number) =>
    join(le16(tag), le16(type), le32(count), le32(value));
  const entries = all
    .toSorted(([one], [other]) => one - other)
    .map(([tag, value]) => {
      if (tag === stripOffset) return entry(tag, longType, 1, pixelsAt);
      if (typeof value === 'number') return entry(tag, tag === stripBytes ? longType : shortType, 1, value);
      bodies.push(value);
      end += value.length;
      return entry(tag, undefinedType, value.length, end - value.length);
    });
  return join('II', le16(42), le32(8), le16(entries.length), ...entries, le32(0), ...bodies);
}
