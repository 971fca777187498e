import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DarkroomError } from '../../../platform/errors.ts';
import { memo, once } from '../../../platform/memo.ts';
import { isOfMemory, outOfMemory } from './failures.ts';

/** WebAssembly of packages, by its file; in the bundle it lies beside main.cjs (infra/processing-bundle.ts). */
export const wasmFiles = {
  'libheif.wasm': 'libheif-js/libheif-wasm/libheif.wasm',
  'jxl_oxide_wasm_bg.wasm': 'jxl-oxide-wasm/jxl_oxide_wasm_bg.wasm',
} as const;

interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What Node has, and its types do not. */
const { compile, Instance, Memory } = (
  globalThis as unknown as {
    WebAssembly: {
      readonly compile: (bytes: Uint8Array) => Promise<WebAssembly.Module>;
      Instance: new (module: WebAssembly.Module, imports: object) => Instance;
      Memory: abstract new () => Memory;
    };
  }
).WebAssembly;

/** What a module that Emscripten made takes. */
export interface EmscriptenOptions {
  instantiateWasm(imports: object, done: (instance: object) => void): object;
}

/** Their exports need not name the file; they do name this one. */
function fileOf(name: keyof typeof wasmFiles): string {
  const [library, ...path] = wasmFiles[name].split('/');
  return join(dirname(createRequire(import.meta.url).resolve(`${library}/package.json`)), ...path);
}

async function compiled(name: keyof typeof wasmFiles): Promise<WebAssembly.Module> {
  const isBundled = import.meta.url.endsWith('.cjs');
  return compile(await readFile(isBundled ? new URL(`./${name}`, import.meta.url) : fileOf(name)));
}

const notLoaded = (cause: unknown): DarkroomError =>
  isOfMemory(cause)
    ? outOfMemory(cause)
    : new DarkroomError('unavailable', 'The decoder of this type could not be loaded; try again later.', {
        cause,
      });

/** Of a decoder that ended with no word on the file. */
export const decoderCrashed = (cause: unknown): DarkroomError =>
  isOfMemory(cause)
    ? outOfMemory(cause)
    : new DarkroomError(
        'processing-crashed',
        'The decoder crashed on this image: save it anew with another program and send that.',
        { cause: cause instanceof Error ? cause : new Error(String(cause)) },
      );

const codes = Object.fromEntries(
  Object.keys(wasmFiles).map((name) => [name, memo(() => compiled(name as keyof typeof wasmFiles))]),
);

/** The code of a decoder, compiled with its first image. */
export async function compiledWasm(name: keyof typeof wasmFiles): Promise<WebAssembly.Module> {
  try {
    return await codes[name]!();
  } catch (cause) {
    throw notLoaded(cause);
  }
}

/** More than this is asked back at once, before the next image comes. Bytes. */
const largeBytes = 32 * 2 ** 20;

/** Node has it, and gives it to who asks. */
const collectGarbage = once(() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
});

/**
 * A decoder in WebAssembly, compiled with its first image and made anew for each: what an image leaves in its memory would
 * show in the next one, where that is damaged and the decoder fills in what it has. It says little of why it ends, so the
 * growth of its memory is watched: work that failed after it was refused memory is `processing-memory`, whatever the decoder
 * made of it.
 */
export function wasmDecoder<T>(
  name: keyof typeof wasmFiles,
  make: (options: EmscriptenOptions) => T | Promise<T>,
): <R>(work: (library: T) => R | Promise<R>) => Promise<R> {
  let isRefused = false;
  let memory: Memory | undefined;
  const watch = (own: Memory): void => {
    memory = own;
    const grow = own.grow.bind(own);
    own.grow = (pages) => {
      // Emscripten asks for less when it is refused much.
      isRefused = true;
      const before = grow(pages);
      isRefused = false;
      return before;
    };
  };
  const load = async (): Promise<T> => {
    const module = await compiledWasm(name);
    try {
      return await make({
        instantiateWasm: (imports, done) => {
          const instance = new Instance(module, imports);
          for (const each of Object.values(instance.exports)) if (each instanceof Memory) watch(each);
          done(instance);
          return instance.exports;
        },
      });
    } catch (cause) {
      throw notLoaded(cause);
    }
  };
  const drop = (): void => {
    const isLarge = memory !== undefined && memory.buffer.byteLength > largeBytes;
    memory = undefined;
    // Before the worker is asked what it has: what is still made of the image takes longer than this.
    if (isLarge) setImmediate(() => collectGarbage()());
  };
  return async (work) => {
    try {
      return await work(await load());
    } catch (error) {
      if (isRefused) throw outOfMemory(error);
      throw error instanceof DarkroomError ? error : decoderCrashed(error);
    } finally {
      isRefused = false;
      drop();
    }
  };
}
