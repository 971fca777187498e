import { boxesIn } from '../../shared/images/process/header/boxes.ts';
import { metaBoxes } from '../../shared/images/process/engine/colour/heif-colour.ts';
import { be16, be32, hex, join } from './image-bytes.ts';

const box = (type: string, ...body: readonly (string | Uint8Array)[]): Buffer => {
  const content = join(...body);
  return join(be32(content.length + 8), type, content);
};
const full = (type: string, version: number, ...body: readonly (string | Uint8Array)[]) =>
  box(type, Buffer.from([version, 0, 0, 0]), ...body);

/** A HEIC of these coded pictures below each other, as phones make it of tiles; all are coded as `single`, a HEIC, is. */
export function heicGrid(
  single: Buffer,
  tiles: readonly Buffer[],
  [width, height]: readonly [number, number],
): Buffer {
  const container = boxesIn(metaBoxes(single).find(({ type }) => type === 'iprp')!.body).find(
    ({ type }) => type === 'ipco',
  )!;
  const configuration = boxesIn(container.body).find(({ type }) => type === 'hvcC')!.body;
  const gridItem = tiles.length + 1;
  const [tileHeight, items] = [height / tiles.length, [...tiles.keys()].map((index) => index + 1)];
  const entry = (item: number, type: string) => full('infe', 2, be16(item), be16(0), type, '\0');
  const properties = box(
    'iprp',
    box(
      'ipco',
      box('hvcC', new Uint8Array(configuration.buffer, configuration.byteOffset, configuration.byteLength)),
      full('ispe', 0, be32(width), be32(Math.ceil(tileHeight))),
      full('ispe', 0, be32(width), be32(height)),
    ),
    full(
      'ipma',
      0,
      be32(gridItem),
      ...items.map((item) => join(be16(item), hex('02 81 02'))),
      join(be16(gridItem), hex('01 03')),
    ),
  );
  const grid = join(hex('00 00'), Buffer.from([tiles.length - 1, 0]), be16(width), be16(height));
  const data = [...tiles, grid];
  const start = box('ftyp', 'heic', be32(0), 'mif1heic');
  const meta = (from: number): Buffer => {
    let at = from;
    const places = data.map((bytes, index) => {
      const place = join(be16(index + 1), be16(0), be16(1), be32(at), be32(bytes.length));
      at += bytes.length;
      return place;
    });
    return full(
      'meta',
      0,
      full('hdlr', 0, be32(0), 'pict', Buffer.alloc(13)),
      full('pitm', 0, be16(gridItem)),
      full('iloc', 0, hex('44 00'), be16(data.length), ...places),
      full(
        'iinf',
        0,
        be16(data.length),
        ...items.map((item) => entry(item, 'hvc1')),
        entry(gridItem, 'grid'),
      ),
      full('iref', 0, box('dimg', be16(gridItem), be16(items.length), ...items.map(be16))),
      properties,
    );
  };
  const before = start.length + meta(0).length + 8;
  return join(start, meta(before), box('mdat', ...data));
}
