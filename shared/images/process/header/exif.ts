const orientationTag = 0x0112;

/**
 * The orientation in an EXIF block (a TIFF header and its first directory), 1 where there is none or the block is
 * damaged: damaged metadata is no reason to refuse a picture.
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
    if (view.getUint16(entry, little) === orientationTag) return valid(view.getUint16(entry + 8, little));
  }
  return 1;
}

const valid = (orientation: number): number => (orientation >= 1 && orientation <= 8 ? orientation : 1);
