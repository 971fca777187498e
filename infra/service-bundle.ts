import { basename, join } from 'node:path';
import { build, transform, type Plugin } from 'esbuild';
import { serviceNames, type ServiceName } from '../shared/platform/services.ts';

/** Besides the services: what every app has. */
const folders = ['host', ...serviceNames];
const [packageEntry, mainEntry] = ['functions/package-entry.ts', 'functions/main.ts'];

/** zod brings its messages in fifty languages, of which the API answers in one. */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** What a source calls a file whose name is not known yet. */
const fileOf = (entry: string): string => `./${entry}.cjs`;

/** The functions and, apart, each service, which main.ts loads when the app has it. */
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
  /** main.cjs, which loads the others. */
  readonly entry: BuiltFile;
  readonly files: readonly BuiltFile[];
  readonly inputs: readonly string[];
  /** What a process has loaded when these services are registered: files, and the sources in them. */
  loadedBy(services: readonly ServiceName[]): {
    readonly files: readonly BuiltFile[];
    readonly sources: readonly string[];
  };
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

const target = { platform: 'node', target: 'node24' } as const;

async function toCommonJs(name: string, text: string, options: ServiceBundleOptions) {
  const { code, map } = await transform(text, {
    ...target,
    format: 'cjs',
    // A `require` once what was imported is asked for.
    supported: { 'dynamic-import': false },
    minify: options.minify,
    sourcemap: 'external',
    sourcefile: name,
    sourcesContent: false,
    banner: options.bannerOf(text),
  });
  return { code, map };
}

const linked = (name: string, code: string, map: string): BuiltFile => ({
  ...{ name, map },
  text: `${code}//# sourceMappingURL=${name}.map\n`,
});

/** Replaces what a source calls files by their names. */
const withNames = (code: string, names: ReadonlyMap<string, string>): string =>
  code.replaceAll(/"(\.\/[a-z]+\.cjs)"/g, (all, file: string) => {
    const name = names.get(file);
    return name === undefined ? all : JSON.stringify(`./${name}`);
  });

async function bundleEntry(options: ServiceBundleOptions, names: ReadonlyMap<string, string>) {
  const { metafile, outputFiles } = await build({
    ...target,
    absWorkingDir: options.root,
    entryPoints: { main: packageEntry },
    outdir: join(options.root, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    external: [fileOf('functions')],
    minify: options.minify,
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    write: false,
  });
  const textOf = (name: string) => outputFiles.find(({ path }) => basename(path) === name)!.text;
  const code = withNames(textOf('main.cjs'), names);
  return { file: linked('main.cjs', code, textOf('main.cjs.map')), inputs: Object.keys(metafile.inputs) };
}

/**
 * Bundles the functions into main.cjs and the files that it loads: a file for each service, for each module that is
 * imported when it is needed, and for what several of them share, named by content. esbuild splits ES modules only, so what
 * it answers is turned into CommonJS, which loads in half the time and at once.
 */
export async function bundleServices(options: ServiceBundleOptions): Promise<ServiceBundle> {
  const { root, minify, external, define, plugins } = options;
  const entries = new Map([
    ...folders.map((folder) => [folder, `functions/${folder}/index.ts`] as const),
    ['functions', mainEntry],
  ]);
  const { metafile, outputFiles } = await build({
    ...target,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries),
    outdir: join(root, 'dist'),
    entryNames: '[name]-[hash]',
    chunkNames: 'shared-[hash]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
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
  const pathOf = (entry: string) =>
    outputs.find(([, { entryPoint }]) => entryPoint === entries.get(entry))![0];
  const names = new Map([...entries.keys()].map((entry) => [fileOf(entry), basename(pathOf(entry))]));
  const files = await Promise.all(
    outputFiles.map(async ({ path, text }): Promise<BuiltFile> => {
      const name = basename(path);
      const { code, map } = await toCommonJs(name, text, options);
      return linked(name, path.endsWith(pathOf('functions')) ? withNames(code, names) : code, map);
    }),
  );
  const main = await bundleEntry(options, names);

  function loadedBy(services: readonly ServiceName[]) {
    const loaded = new Set<string>();
    const load = (path: string): void => {
      if (loaded.has(path)) return;
      loaded.add(path);
      for (const { kind, path: imported, external } of metafile.outputs[path]!.imports) {
        if (kind !== 'dynamic-import' && external !== true) load(imported);
      }
    };
    for (const entry of ['functions', 'host', ...services]) load(pathOf(entry));
    const loadedNames = new Set([...loaded].map((path) => basename(path)));
    return {
      files: [main.file, ...files.filter(({ name }) => loadedNames.has(name))],
      sources: [...loaded].flatMap((path) => Object.keys(metafile.outputs[path]!.inputs)),
    };
  }

  return {
    ...{ entry: main.file, files, loadedBy },
    inputs: [...main.inputs, ...Object.keys(metafile.inputs)],
  };
}
