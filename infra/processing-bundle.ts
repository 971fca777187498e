import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** The thread that scales for jimp's synchronous methods. */
export const resizeThread = { name: 'resize-thread', entry: 'shared/images/process/engine/resize-thread.ts' };

/** The thread that piscina starts; piscina looks for it beside its own file, which in the bundle is main.cjs. */
export const piscinaWorker = { name: 'piscina-worker', entry: 'node_modules/piscina/dist/worker.js' };

/**
 * What bundling takes from shared/images/process: there is no folder of processors to list at run time, and no
 * piscina/dist/worker.js. Both are known now.
 */
export function processingBundle(root: string): Plugin {
  const folder = join(root, 'shared/images/process/processors');
  return {
    name: 'processing',
    setup(build) {
      build.onLoad({ filter: /images[\\/]process[\\/]processor-files\.ts$/ }, async () => {
        const names = (await readdir(folder)).filter((name) => /^[^.].*\.ts$/.test(name)).sort();
        const imports = names.map((name, index) => `import * as p${index} from './processors/${name}';`);
        const list = names.map((name, index) => `${JSON.stringify(name)}: p${index}`);
        return {
          loader: 'ts',
          contents: `${imports.join('\n')}\nexport const loadProcessorFiles = async () => ({ ${list.join(', ')} });`,
          watchDirs: [folder],
        };
      });
      // Native code for thread priorities, which are not used; piscina goes on without it.
      build.onResolve({ filter: /^@napi-rs\/nice/ }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: /piscina[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        const contents = source.replace(
          "(__dirname, 'worker.js')",
          `(__dirname, '${piscinaWorker.name}.cjs')`,
        );
        if (contents === source)
          return { errors: [{ text: 'piscina no longer starts its worker.js as it did.' }] };
        return { contents, loader: 'js' };
      });
    },
  };
}
