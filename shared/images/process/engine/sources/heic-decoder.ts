import libheifModule from 'libheif-js/libheif-wasm/libheif.js';
import { DarkroomError } from '../../../../platform/errors.ts';
import { corrupt } from '../../header/faults.ts';
import { compiledWasm, instantiate } from '../wasm.ts';
import type { Rows } from './raw-tiff.ts';

/** As much of libheif's interface as is used. */
interface Libheif {
  heif_context_alloc(): unknown;
  heif_context_free(context: unknown): void;
  heif_context_read_from_memory(context: unknown, bytes: Uint8Array): HeifError;
  heif_js_context_get_primary_image_handle(context: unknown): Handle;
  heif_image_handle_release(handle: Handle): void;
  heif_image_handle_get_width(handle: Handle): number;
  heif_image_handle_get_height(handle: Handle): number;
  heif_image_handle_has_alpha_channel(handle: Handle): number | boolean;
  heif_js_decode_image2(handle: Handle, space: unknown, chroma: unknown): HeifError & Partial<DecodedHeif>;
  readonly heif_colorspace: Readonly<Record<string, unknown>>;
  readonly heif_chroma: Readonly<Record<string, unknown>>;
}

type Handle = HeifError & object;

interface HeifError {
  readonly code?: { readonly value: number };
  readonly message?: string;
}

interface DecodedHeif {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly { readonly data: Uint8Array; readonly stride: number }[];
}

let library: Promise<Libheif> | undefined;

type Load = (options: {
  instantiateWasm(imports: object, done: (instance: object) => void): object;
}) => Libheif;

const load = async (): Promise<Libheif> => {
  const module = await compiledWasm('libheif.wasm');
  // Its types describe what it answers and not the function that it is.
  return (libheifModule as unknown as Load)({
    instantiateWasm: (imports, done) => {
      const instance = instantiate(module, imports);
      done(instance);
      return instance.exports;
    },
  });
};

/** The picture of a HEIC, turned as the file says. `bits` is what a channel has; more than 8 are drawn out to 16. */
export async function decodeHeif(file: Uint8Array, bits: number): Promise<Rows> {
  library ??= load();
  const libheif = await library;
  const context = libheif.heif_context_alloc();
  try {
    checked(libheif.heif_context_read_from_memory(context, file));
    const handle = checked(libheif.heif_js_context_get_primary_image_handle(context));
    const hasAlpha = Boolean(libheif.heif_image_handle_has_alpha_channel(handle));
    const chroma = (hasAlpha ? ['RGBA', 'RRGGBBAA_LE'] : ['RGB', 'RRGGBB_LE'])[bits > 8 ? 1 : 0]!;
    const decoded = checked(
      libheif.heif_js_decode_image2(
        handle,
        libheif.heif_colorspace['heif_colorspace_RGB'],
        libheif.heif_chroma[`heif_chroma_interleaved_${chroma}`],
      ),
    );
    libheif.heif_image_handle_release(handle);
    const { width, height, channels } = decoded as DecodedHeif;
    const { data, stride } = channels[0]!;
    return {
      ...{ width, height, channels: hasAlpha ? 4 : 3, bits: bits > 8 ? 16 : 8 },
      copyRow: (row, target) => {
        target.set(data.subarray(row * stride, row * stride + target.length));
        if (bits > 8) drawOut(target, 2 ** bits - 1);
      },
    };
  } finally {
    libheif.heif_context_free(context);
  }
}

function checked<T extends HeifError>(result: T): T {
  const code = result.code?.value ?? 0;
  if (code === 0) return result;
  const cause = new Error(result.message);
  if (/unsupported/i.test(result.message ?? '')) {
    throw new DarkroomError(
      'unsupported-compression',
      'The picture in this HEIC is compressed in a way that is not read here: save it as JPEG or PNG and send that.',
      { cause },
    );
  }
  throw Object.assign(corrupt('its decoder cannot read it'), { cause });
}

function drawOut(row: Uint8Array, largest: number): void {
  const samples = new DataView(row.buffer, row.byteOffset, row.byteLength);
  for (let at = 0; at < row.length; at += 2) {
    samples.setUint16(at, (samples.getUint16(at, true) * 65_535) / largest, true);
  }
}
