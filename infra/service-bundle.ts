import { basename, join } from 'node:path';
import { build, transform, type Plugin } from 'esbuild';
import { serviceNames } from '../shared/platform/services.ts';

/** Besides the services: what every app has. */
const folders = ['host', ...serviceNames];

/** zod brings its messages in fifty languages, of which the API answers in one. */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

const fileOf = (folder: string): string => `./${folder}.cjs`;

/** A service is a file of its own, which main.ts loads when the app has it. */
const servicesApart: Plugin = {
  name: 'services-apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/[a-z]+\/index\.ts$/ }, ({ importer, path }) =>
      importer.endsWith('main.ts')
        ? { path: fileOf(path.split('/')[1]!), external: true, sideEffects: true }
        : undefined,
    );
  },
};

export interface BuiltFile {
  readonly name: string;
  readonly text: string;
  readonly map: string;
}

export interface ServiceBundle {
  readonly files: readonly BuiltFile[];
  readonly inputs: readonly string[];
  /** Sources in the files that a process has loaded when this service is registered. */
  loadedBy(folder: 'host' | (typeof serviceNames)[number]): readonly string[];
}

export interface ServiceBundleOptions {
  readonly root: string;
  readonly minify: boolean;
  readonly external: readonly string[];
  readonly plugins: readonly Plugin[];
  readonly define: Readonly<Record<string, string>>;
  /** In front of a file with this text. */
  readonly bannerOf: (text: string) => string;
}

/**
 * Bundles the functions into main.cjs and the files that it loads: a file for each service, for each module that is
 * imported when it is needed, and for what several of them share, named by content. esbuild splits ES modules only, so what
 * it answers is turned into CommonJS, which loads in half the time and at once.
 */
export async function bundleServices(options: ServiceBundleOptions): Promise<ServiceBundle> {
  const { root, minify, external, define, plugins, bannerOf } = options;
  const entries = new Map(folders.map((folder) => [`functions/${folder}/index.ts`, folder]));
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['functions/main.ts', ...entries.keys()].map((entry) => ({
      in: entry,
      out: entries.get(entry) ?? 'main',
    })),
    outdir: join(root, 'dist'),
    entryNames: '[name]-[hash]',
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: [...external],
    minify,
    keepNames: true,
    sourcemap: 'inline',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [...plugins, englishOnly, servicesApart],
    define: { ...define },
  });
  const outputs = Object.entries(metafile.outputs);
  const pathOfEntry = (entry: string) => outputs.find(([, { entryPoint }]) => entryPoint === entry)![0];
  const renamed = new Map([
    [basename(pathOfEntry('functions/main.ts')), 'main.cjs'],
    ...[...entries].map(([entry, folder]) => [fileOf(folder), `./${basename(pathOfEntry(entry))}`] as const),
  ]);

  const files = await Promise.all(
    outputFiles.map(async ({ path, text }): Promise<BuiltFile> => {
      const name = renamed.get(basename(path)) ?? basename(path);
      const { code, map } = await transform(text, {
        format: 'cjs',
        platform: 'node',
        target: 'node24',
        // A `require` once what was imported is asked for.
        supported: { 'dynamic-import': false },
        minify,
        sourcemap: 'external',
        sourcefile: name,
        sourcesContent: false,
        banner: bannerOf(text),
      });
      const linked = code.replaceAll(/"(\.\/[a-z]+\.cjs)"/g, (all, file: string) => {
        const service = renamed.get(file);
        return name === 'main.cjs' && service !== undefined ? JSON.stringify(service) : all;
      });
      return { name, text: `${linked}//# sourceMappingURL=${name}.map\n`, map };
    }),
  );

  function loadedBy(folder: string): string[] {
    const loaded = new Set<string>();
    const load = (path: string): void => {
      if (loaded.has(path)) return;
      loaded.add(path);
      for (const { kind, path: imported, external } of metafile.outputs[path]!.imports) {
        if (kind !== 'dynamic-import' && external !== true) load(imported);
      }
    };
    load(pathOfEntry('functions/main.ts'));
    load(pathOfEntry(`functions/${folder}/index.ts`));
    return [...loaded].flatMap((path) => Object.keys(metafile.outputs[path]!.inputs));
  }

  return { files, inputs: Object.keys(metafile.inputs), loadedBy };
}
