import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { writeWhole } from './write-whole.ts';
import { wasmFiles } from '../shared/images/process/engine/wasm.ts';

/** Threads by the name of their bundle: what scales for jimp's synchronous methods, and the decoder of JPEG XL. */
export const threads: Readonly<Record<string, string>> = {
  'resize-thread': 'shared/images/process/engine/resize-thread.ts',
  'jxl-thread': 'shared/images/process/engine/sources/jxl-thread.ts',
};

/** What bundling takes from shared/images/process: there is no folder of processors to list at run time. */
export function processingBundle(root: string): Plugin {
  const lists = { processor: 'loadProcessorFiles', candidate: 'loadCandidateFiles' };
  return {
    name: 'processing',
    setup(build) {
      build.onLoad(
        { filter: /images[\\/]process[\\/](processor|candidate)-files\.ts$/ },
        async ({ path }) => {
          const what = path.endsWith('candidate-files.ts') ? 'candidate' : 'processor';
          const folder = join(root, `shared/images/process/${what}s`);
          const names = (await readdir(folder)).filter((name) => /^[^.].*\.ts$/.test(name)).sort();
          const imports = names.map((name, index) => `import * as p${index} from './${what}s/${name}';`);
          const list = names.map((name, index) => `${JSON.stringify(name)}: p${index}`);
          return {
            loader: 'ts',
            contents: `${imports.join('\n')}\nexport const ${lists[what]} = async () => ({ ${list.join(', ')} });`,
            watchDirs: [folder],
          };
        },
      );
    },
  };
}

/** A deployment runs as another user than a build. */
export const builtFileMode = 0o644;

/** Puts the decoders of HEIC and JPEG XL beside the bundle, which reads them when the first such image comes. */
export function copyWasm(root: string, outdir: string): void {
  for (const [name, path] of Object.entries(wasmFiles)) {
    writeWhole(join(outdir, name), readFileSync(join(root, 'node_modules', path)), builtFileMode);
  }
}

export const wasmNames = Object.keys(wasmFiles);
