import { boxesIn, type Box } from '../../header/boxes.ts';
import { primaryProperties } from '../../header/heif-properties.ts';
import { ascii } from '../../header/pull.ts';
import { describedBy, type Described } from './described.ts';

const fullBoxBytes = 4;
/** BT.709 and its like: cameras write them and mean sRGB, and browsers take them so. */
const meansSrgb = [1, 2, 6, 14, 15];
const srgb = 13;

/** What the `colr` box (nclx) of the picture says; undefined for sRGB and where there is a profile, which counts more. */
export function heifColour(file: Buffer): Described | undefined {
  if (heifProfile(file)) return undefined;
  const nclx = colourBox(file, 'nclx');
  if (!nclx || nclx.byteLength < 8) return undefined;
  const transfer = nclx.getUint16(6);
  const light = propertiesOf(file).find(({ type }) => type === 'clli')?.body;
  const peak = light && light.byteLength >= 2 ? light.getUint16(0) : 0;
  return describedBy(nclx.getUint16(4), meansSrgb.includes(transfer) ? srgb : transfer, peak || undefined);
}

/** The ICC profile of the picture. */
export function heifProfile(file: Buffer): Uint8Array | undefined {
  const box = colourBox(file, 'prof') ?? colourBox(file, 'rICC');
  return box && new Uint8Array(box.buffer, box.byteOffset + 4, box.byteLength - 4);
}

/** Bits of a channel, 8 where the file does not say. */
export function heifBits(file: Buffer): number {
  const pixels = propertiesOf(file).find(({ type }) => type === 'pixi')?.body;
  return pixels && pixels.byteLength >= 6 ? pixels.getUint8(5) : hevcBits(file);
}

/** Of `hvcC`, for files without `pixi`; a grid's tiles have it. */
function hevcBits(file: Buffer): number {
  const box = propertiesOf(file).find(({ type }) => type === 'hvcC')?.body;
  return box && box.byteLength > 17 ? 8 + (box.getUint8(17) & 7) : 8;
}

const colourBox = (file: Buffer, kind: string): DataView | undefined =>
  propertiesOf(file).find(
    ({ type, body }) => type === 'colr' && body.byteLength >= 4 && ascii(body, 0, 4) === kind,
  )?.body;

const propertiesOf = (file: Buffer): Box[] => primaryProperties(metaBoxes(file));

/** What describes the items of a file. */
export function metaBoxes(file: Buffer): Box[] {
  const meta = metaBox(file);
  return meta ? boxesIn(meta, fullBoxBytes) : [];
}

function metaBox(file: Buffer): DataView | undefined {
  for (let at = 0; at + 8 <= file.length;) {
    const size = file.readUInt32BE(at);
    const [head, length] =
      size === 1 && at + 16 <= file.length ? [16, Number(file.readBigUInt64BE(at + 8))] : [8, size];
    const end = length === 0 ? file.length : Math.min(file.length, at + length);
    if (file.toString('latin1', at + 4, at + 8) === 'meta') {
      return new DataView(file.buffer, file.byteOffset + at + head, Math.max(0, end - at - head));
    }
    if (end <= at) return undefined;
    at = end;
  }
  return undefined;
}
