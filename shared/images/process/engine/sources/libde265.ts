import type { Size } from '../port.ts';

/** libde265's own interface, and libheif's to the items of a file, in the memory of one module. Numbers are addresses. */
export interface Libde265 {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  _heif_context_get_primary_image_ID(error: number, context: number, id: number): void;
  _heif_item_get_item_type(context: number, id: number): number;
  _heif_context_get_item_references(
    context: number,
    id: number,
    index: number,
    type: number,
    ids: number,
  ): number;
  _heif_item_get_item_data(
    error: number,
    context: number,
    id: number,
    compression: number,
    data: number,
    bytes: number,
  ): void;
  _heif_release_item_data(context: number, data: number): void;
  _de265_new_decoder(): number;
  _de265_set_parameter_bool(decoder: number, parameter: number, value: number): void;
  _de265_push_NAL(decoder: number, at: number, bytes: number, low: number, high: number, data: number): void;
  _de265_flush_data(decoder: number): void;
  _de265_decode(decoder: number, more: number): number;
  _de265_get_next_picture(decoder: number): number;
  _de265_get_chroma_format(picture: number): number;
  _de265_get_image_height(picture: number, plane: number): number;
  _de265_get_image_width(picture: number, plane: number): number;
  _de265_get_bits_per_pixel(picture: number, plane: number): number;
  _de265_get_image_plane(picture: number, plane: number, stride: number): number;
  _de265_free_decoder(decoder: number): void;
}

/** The least that a decoder leaves out: a coding tree unit, in luma. */
const unit = 16;
/** de265_chroma: without colour, or with all of it, zero may be black. */
const subsampled: Readonly<Record<number, number>> = { 1: 2, 2: 1 };

/** Memory for a call's answers, zero at first. */
export function scratch<T>(library: Libde265, words: number, work: (at: number) => T): T {
  const at = library._malloc(words * 4);
  library.HEAPU32.fill(0, at / 4, at / 4 + words);
  try {
    return work(at);
  } finally {
    library._free(at);
  }
}

/** de265_param: what costs time and tells nothing is off, a picture with errors is held back. */
const parameters = { suppressFaultyPictures: 6, disableDeblocking: 7, disableSao: 8 } as const;

export function withDecoder<T>(library: Libde265, work: (decoder: number) => T): T {
  const decoder = library._de265_new_decoder();
  try {
    for (const parameter of Object.values(parameters))
      library._de265_set_parameter_bool(decoder, parameter, 1);
    return work(decoder);
  } finally {
    library._de265_free_decoder(decoder);
  }
}

/** Of all that was given; zero where there is none without errors. */
export function lastPicture(library: Libde265, decoder: number): number {
  library._de265_flush_data(decoder);
  return scratch(library, 1, (more) => {
    let picture = 0;
    do {
      library.HEAPU32[more / 4] = 0;
      if (library._de265_decode(decoder, more) !== 0) return 0;
      picture = library._de265_get_next_picture(decoder) || picture;
    } while (library.HEAPU32[more / 4] !== 0);
    return picture;
  });
}

/**
 * Whether a unit of what is seen of the picture is zero in luma and chroma, which is no colour at all: that of memory nobody
 * wrote to. Leaves zeros, for the pictures that follow.
 */
export function hasHole(
  library: Libde265,
  picture: number,
  seen: ((whole: Size) => Size) | undefined,
): boolean {
  const rows = subsampled[library._de265_get_chroma_format(picture)];
  const planes = [0, 1, 2].map((plane) => planeOf(library, picture, plane));
  const [luma, blue, red] = planes as [Plane, Plane, Plane];
  const isHole = (x: number, y: number): boolean =>
    isZero(luma, x, y, unit) &&
    isZero(blue, x / 2, y / rows!, unit / rows!) &&
    isZero(red, x / 2, y / rows!, unit / rows!);
  let found = false;
  const { width, height } = rows !== undefined && seen ? seen(luma) : { width: 0, height: 0 };
  for (let y = 0; !found && y + unit <= height; y += unit) {
    for (let x = 0; !found && x + unit <= width; x += unit) found = isHole(x, y);
  }
  for (const { data } of planes) data.fill(0);
  return found;
}

interface Plane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

function planeOf(library: Libde265, picture: number, plane: number): Plane {
  return scratch(library, 1, (at) => {
    const from = library._de265_get_image_plane(picture, plane, at);
    const stride = library.HEAPU32[at / 4]!;
    const [width, height] = [
      library._de265_get_image_width(picture, plane),
      library._de265_get_image_height(picture, plane),
    ];
    const bytes = library._de265_get_bits_per_pixel(picture, plane) > 8 ? 2 : 1;
    return { data: library.HEAPU8.subarray(from, from + stride * height), stride, width, height, bytes };
  });
}

/** Whether a place is, which is as wide as chroma has it: half a unit. */
function isZero({ data, stride, bytes }: Plane, x: number, y: number, height: number): boolean {
  for (let row = y; row < y + height; row++) {
    const from = row * stride + x * bytes;
    for (let at = from; at < from + (unit / 2) * bytes; at++) if (data[at] !== 0) return false;
  }
  return true;
}
