import libheifModule from 'libheif-js/libheif-wasm/libheif.js';
import { DarkroomError } from '../../../../platform/errors.ts';
import { corrupt } from '../../header/faults.ts';
import { metaBoxes } from '../colour/heif-colour.ts';
import { decodingFailure } from '../failures.ts';
import type { Size } from '../port.ts';
import { wasmDecoder, type EmscriptenOptions } from '../wasm.ts';
import { requireWhole } from './hevc-check.ts';
import { scratch, type Libde265 } from './libde265.ts';
import { rawTiff, type Rows } from './raw-tiff.ts';

/** As much of libheif's interface as is used. */
interface Libheif extends Libde265 {
  heif_context_alloc(): Pointer;
  heif_context_free(context: Pointer): void;
  heif_context_read_from_memory(context: Pointer, bytes: Uint8Array): HeifError;
  heif_js_context_get_primary_image_handle(context: Pointer): Handle;
  heif_image_handle_release(handle: Handle): void;
  heif_image_release(image: Pointer): void;
  heif_image_handle_get_width(handle: Handle): number;
  heif_image_handle_get_height(handle: Handle): number;
  heif_image_handle_has_alpha_channel(handle: Handle): number | boolean;
  heif_js_decode_image2(handle: Handle, space: unknown, chroma: unknown): HeifError & Partial<DecodedHeif>;
  /** How many there are, where none is asked for. */
  _heif_image_get_decoding_warnings(image: number, first: number, warnings: number, count: number): number;
  readonly heif_colorspace: Readonly<Record<string, unknown>>;
  readonly heif_chroma: Readonly<Record<string, unknown>>;
}

type Handle = HeifError & object;

/** As Emscripten has it. */
interface Pointer {
  readonly $$: { readonly ptr: number };
}

interface HeifError {
  readonly code?: { readonly value: number };
  readonly message?: string;
}

interface DecodedHeif {
  readonly image: Pointer;
  readonly width: number;
  readonly height: number;
  readonly channels: readonly { readonly data: Uint8Array; readonly stride: number }[];
}

// Its types describe what it answers and not the function that it is.
const load = libheifModule as unknown as (options: EmscriptenOptions) => Libheif;
const withLibheif = wasmDecoder('libheif.wasm', load);

export interface HeifPicture extends Size {
  readonly tiff: Buffer;
  readonly bits: 8 | 16;
}

/**
 * The picture of a HEIC, turned as the file says. `bits` is what a channel has; more than 8 are drawn out to 16, but for pictures with
 * alpha: libheif answers nothing but zeros where it is asked for both. It is
 * copied out of libheif's memory, which nothing frees but what is released here.
 */
export const decodeHeif = (
  file: Buffer,
  bits: number,
  profile: Uint8Array | undefined,
): Promise<HeifPicture> =>
  withLibheif((libheif) => {
    const context = libheif.heif_context_alloc();
    return using(
      () => {
        checked(libheif.heif_context_read_from_memory(context, file));
        const handle = checked(libheif.heif_js_context_get_primary_image_handle(context));
        requireWhole(libheif, context.$$.ptr, metaBoxes(file));
        return using(
          () => copyPicture(libheif, handle, bits, profile),
          () => libheif.heif_image_handle_release(handle),
        );
      },
      () => libheif.heif_context_free(context),
    );
  });

function using<T>(work: () => T, release: () => void): T {
  try {
    return work();
  } finally {
    release();
  }
}

function copyPicture(
  libheif: Libheif,
  handle: Handle,
  bits: number,
  profile: Uint8Array | undefined,
): HeifPicture {
  const hasAlpha = Boolean(libheif.heif_image_handle_has_alpha_channel(handle));
  const isDeep = bits > 8 && !hasAlpha;
  const chroma = hasAlpha ? 'RGBA' : isDeep ? 'RRGGBB_LE' : 'RGB';
  const decoded = checked(
    libheif.heif_js_decode_image2(
      handle,
      libheif.heif_colorspace['heif_colorspace_RGB'],
      libheif.heif_chroma[`heif_chroma_interleaved_${chroma}`],
    ),
  ) as DecodedHeif;
  return using(
    () => {
      requireNoWarning(libheif, decoded.image.$$.ptr);
      const { width, height } = decoded;
      const rows = rowsOf(decoded, hasAlpha, isDeep ? bits : 8);
      return { width, height, bits: rows.bits, tiff: rawTiff(rows, profile) };
    },
    () => libheif.heif_image_release(decoded.image),
  );
}

const wordsOfError = 3;
/** heif_suberror_code of sizes and colours that are told badly, which are ours (colour/heif-colour.ts), or twice. */
const harmless = [133, 134, 135, 137, 152];

/** libheif leaves out tiles that are missing or damaged, with a warning. */
function requireNoWarning(libheif: Libheif, image: number): void {
  const count = libheif._heif_image_get_decoding_warnings(image, 0, 0, 0);
  const isHarm = scratch(libheif, Math.max(1, count * wordsOfError), (at) => {
    libheif._heif_image_get_decoding_warnings(image, 0, at, count);
    const kinds = Array.from(
      { length: count },
      (_, index) => libheif.HEAPU32[at / 4 + index * wordsOfError + 1]!,
    );
    return kinds.some((kind) => !harmless.includes(kind));
  });
  if (isHarm) throw corrupt('part of its picture is missing');
}

function rowsOf({ width, height, channels }: DecodedHeif, hasAlpha: boolean, bits: number): Rows {
  const { data, stride } = channels[0]!;
  return {
    ...{ width, height, channels: hasAlpha ? 4 : 3, bits: bits > 8 ? 16 : 8 },
    copyRow: (row, target) => {
      target.set(data.subarray(row * stride, row * stride + target.length));
      if (bits > 8) drawOut(target, 2 ** bits - 1);
    },
  };
}

/** heif_error_code (libheif/heif_error.h) of what a file may be the reason of. */
const codes = {
  ok: 0,
  invalid: 2,
  unsupportedType: 3,
  unsupportedFeature: 4,
  memory: 6,
  decoder: 7,
  plugin: 11,
} as const;
const decoding: readonly number[] = [codes.invalid, codes.memory, codes.decoder];
/** The last: what would decode it is not built in (JPEG 2000, AVC, VVC). */
const unsupported: readonly number[] = [codes.unsupportedType, codes.unsupportedFeature, codes.plugin];

function checked<T extends HeifError>(result: T): T {
  const code = result.code?.value ?? codes.ok;
  if (code === codes.ok) return result;
  const cause = new Error(result.message);
  if (unsupported.includes(code) || /unsupported/i.test(cause.message)) {
    throw new DarkroomError(
      'unsupported-compression',
      'The picture in this HEIC is compressed in a way that is not read here: save it as JPEG or PNG and send that.',
      { cause },
    );
  }
  throw decoding.includes(code) ? decodingFailure(cause) : cause;
}

function drawOut(row: Uint8Array, largest: number): void {
  const samples = new DataView(row.buffer, row.byteOffset, row.byteLength);
  for (let at = 0; at < row.length; at += 2) {
    samples.setUint16(at, (samples.getUint16(at, true) * 65_535) / largest, true);
  }
}
