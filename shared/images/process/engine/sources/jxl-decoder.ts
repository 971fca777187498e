import { Worker } from 'node:worker_threads';
import { DarkroomError } from '../../../../platform/errors.ts';
import { corrupt } from '../../header/faults.ts';
import { outOfMemory } from '../failures.ts';
import type { Size } from '../port.ts';
import { compiledWasm, decoderCrashed } from '../wasm.ts';

export interface JxlTask {
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array;
}

export type JxlRequest = 'open' | { readonly top: number; readonly height: number };

interface OpenedJxl extends Size {
  /** Those that are there whole. */
  readonly frames: number;
  readonly isWhole: boolean;
}

export type JxlAnswer =
  OpenedJxl | { readonly png: Uint8Array } | { readonly refused: string } | { readonly crashed: string };

/** What it finds wrong with a file that is there whole. CMYK is what it decodes and does not hand out. */
const refusal = (cause: Error): DarkroomError =>
  /^unsupported/.test(cause.message)
    ? new DarkroomError(
        'unsupported-compression',
        'The picture in this JPEG XL is of a kind that is not read here, CMYK most likely: save it as JPEG or PNG and send that.',
        { cause },
      )
    : Object.assign(corrupt('its decoder cannot read it'), { cause });

/** A JPEG XL in its decoder; upright. */
export interface JxlDecoding extends OpenedJxl {
  /** So many rows of the first frame, as a PNG in the picture's own colours. */
  readonly rows: (top: number, height: number) => Promise<Buffer>;
}

const threadFile = (): URL =>
  import.meta.url.endsWith('.cjs')
    ? new URL('./jxl-thread.cjs', import.meta.url)
    : new URL('./jxl-thread.ts', import.meta.url);

/**
 * Decodes a JPEG XL in a thread that ends with it: the memory of the decoder never shrinks, and one that has panicked is of
 * no more use.
 */
export async function decodingJxl<T>(
  bytes: Uint8Array,
  work: (decoding: JxlDecoding) => Promise<T>,
): Promise<T> {
  const task: JxlTask = { module: await compiledWasm('jxl_oxide_wasm_bg.wasm'), bytes };
  const thread = startThread(task);
  const ask = <A extends JxlAnswer>(request: JxlRequest): Promise<A> =>
    new Promise((answer, fail) => {
      const failed = (error: unknown) => fail(decoderCrashed(error));
      thread.once('error', failed);
      thread.once('message', (message: JxlAnswer) => {
        thread.off('error', failed);
        if ('refused' in message) fail(refusal(new Error(message.refused)));
        else if ('crashed' in message) fail(decoderCrashed(new Error(message.crashed)));
        else answer(message as A);
      });
      thread.postMessage(request);
    });
  try {
    return await work({
      ...(await ask<OpenedJxl>('open')),
      rows: async (top, height) => {
        const { png } = await ask<{ png: Uint8Array }>({ top, height });
        return Buffer.from(png.buffer, png.byteOffset, png.byteLength);
      },
    });
  } finally {
    await thread.terminate();
  }
}

function startThread(workerData: JxlTask): Worker {
  try {
    // Otherwise V8 maps 512 MB for code, which count against the limit of the process.
    return new Worker(threadFile(), { workerData, resourceLimits: { codeRangeSizeMb: 32 } });
  } catch (error) {
    // The system says no more than EAGAIN.
    throw outOfMemory(error);
  }
}
