import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** WebAssembly of packages, by its file; in the bundle it lies beside main.cjs (infra/processing-bundle.ts). */
export const wasmFiles = {
  'libheif.wasm': 'libheif-js/libheif-wasm/libheif.wasm',
  'jxl_dec.wasm': '@jsquash/jxl/codec/dec/jxl_dec.wasm',
} as const;

/** What Node has, and its types do not. */
const { compile, Instance } = (
  globalThis as unknown as {
    WebAssembly: {
      readonly compile: (bytes: Uint8Array) => Promise<WebAssembly.Module>;
      Instance: new (module: WebAssembly.Module, imports: object) => { readonly exports: object };
    };
  }
).WebAssembly;

export const instantiate = (module: WebAssembly.Module, imports: object): { readonly exports: object } =>
  new Instance(module, imports);

export async function compiledWasm(name: keyof typeof wasmFiles): Promise<WebAssembly.Module> {
  const file = import.meta.url.endsWith('.cjs')
    ? new URL(`./${name}`, import.meta.url)
    : createRequire(import.meta.url).resolve(wasmFiles[name]);
  return compile(await readFile(file));
}
