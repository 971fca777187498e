import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DarkroomError } from '../../../platform/errors.ts';
import { memo } from '../../../platform/memo.ts';
import { isOfMemory, outOfMemory } from './failures.ts';

/** WebAssembly of packages, by its file; in the bundle it lies beside main.cjs (infra/processing-bundle.ts). */
export const wasmFiles = {
  'libheif.wasm': 'libheif-js/libheif-wasm/libheif.wasm',
  'jxl_dec.wasm': '@jsquash/jxl/codec/dec/jxl_dec.wasm',
} as const;

interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Memory {
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

async function compiled(name: keyof typeof wasmFiles): Promise<WebAssembly.Module> {
  const file = import.meta.url.endsWith('.cjs')
    ? new URL(`./${name}`, import.meta.url)
    : createRequire(import.meta.url).resolve(wasmFiles[name]);
  return compile(await readFile(file));
}

const notLoaded = (cause: unknown): DarkroomError =>
  isOfMemory(cause)
    ? outOfMemory(cause)
    : new DarkroomError('unavailable', 'The decoder of this type could not be loaded; try again later.', {
        cause,
      });

const crashed = (cause: unknown): DarkroomError =>
  new DarkroomError(
    'processing-crashed',
    'The decoder crashed on this image: save it anew with another program and send that.',
    { cause: cause instanceof Error ? cause : new Error(String(cause)) },
  );

/**
 * A decoder in WebAssembly, loaded with its first image. It says little of why it ends, so the growth of its memory is
 * watched: work that failed after it was refused memory is `processing-memory`, whatever the decoder made of it.
 */
export function wasmDecoder<T>(
  name: keyof typeof wasmFiles,
  make: (options: EmscriptenOptions) => T | Promise<T>,
): <R>(work: (library: T) => R | Promise<R>) => Promise<R> {
  let isRefused = false;
  const watch = (memory: Memory): void => {
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      // Emscripten asks for less when it is refused much.
      isRefused = true;
      const before = grow(pages);
      isRefused = false;
      return before;
    };
  };
  const load = memo(async () => {
    try {
      const module = await compiled(name);
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
  });
  return async (work) => {
    const library = await load();
    try {
      return await work(library);
    } catch (error) {
      if (isRefused || isOfMemory(error)) throw outOfMemory(error);
      throw error instanceof DarkroomError ? error : crashed(error);
    } finally {
      isRefused = false;
    }
  };
}
