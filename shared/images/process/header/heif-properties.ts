import { boxesIn, type Box } from './boxes.ts';

/**
 * The properties of the item that is the picture (`pitm`), in the order in which they apply: thumbnails, gain maps and
 * alpha planes have properties of their own. All there are where the file does not say which belong to it.
 */
export function primaryProperties(meta: readonly Box[]): Box[] {
  const { all, own } = itemProperties(meta, primaryItem(meta));
  return own.length > 0 ? own : all;
}

/** Properties of the file, and those of an item of it. */
export function itemProperties(meta: readonly Box[], item: number | undefined) {
  const properties = meta.find(({ type }) => type === 'iprp');
  const boxes = properties ? boxesIn(properties.body) : [];
  const container = boxes.find(({ type }) => type === 'ipco');
  const all = container ? boxesIn(container.body) : [];
  const indices = boxes
    .filter(({ type }) => type === 'ipma')
    .flatMap(({ body }) => (item === undefined ? [] : associated(body, item)));
  return { all, own: indices.flatMap((index) => all[index - 1] ?? []) };
}

function primaryItem(meta: readonly Box[]): number | undefined {
  const body = meta.find(({ type }) => type === 'pitm')?.body;
  if (!body || body.byteLength < 6) return undefined;
  if (body.getUint8(0) === 0) return body.getUint16(4);
  return body.byteLength < 8 ? undefined : body.getUint32(4);
}

/** ItemPropertyAssociation: indices into `ipco`, from 1. */
function associated(body: DataView, item: number): number[] {
  const version = body.getUint8(0);
  const isWide = (body.getUint8(3) & 1) === 1;
  const idBytes = version === 0 ? 2 : 4;
  let at = 8;
  for (let entries = body.byteLength < 8 ? 0 : body.getUint32(4); entries > 0; entries--) {
    if (at + idBytes + 1 > body.byteLength) return [];
    const id = version === 0 ? body.getUint16(at) : body.getUint32(at);
    const count = body.getUint8(at + idBytes);
    at += idBytes + 1;
    const end = at + count * (isWide ? 2 : 1);
    if (end > body.byteLength) return [];
    if (id === item) {
      return Array.from({ length: count }, (_, index) =>
        isWide ? body.getUint16(at + index * 2) & 0x7fff : body.getUint8(at + index) & 0x7f,
      );
    }
    at = end;
  }
  return [];
}
