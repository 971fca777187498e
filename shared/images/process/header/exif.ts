const orientationTag = 0x0112;
const shortType = 3;

/**
 * The orientation in an EXIF block (a TIFF header and its first directory); 1 where there is none, where it is not the
 * one SHORT that the standard asks for, or where the block is damaged: browsers show such pictures as they are stored.
 */
export function exifOrientation(view: DataView): number {
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > view.byteLength) return 1;
    if (view.getUint16(entry, little) !== orientationTag) continue;
    const isShort =
      view.getUint16(entry + 2, little) === shortType && view.getUint32(entry + 4, little) === 1;
    return isShort ? validOrientation(view.getUint16(entry + 8, little)) : 1;
  }
  return 1;
}

export const validOrientation = (orientation: number): number =>
  orientation >= 1 && orientation <= 8 ? orientation : 1;
