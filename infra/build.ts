/**
 * Bundles the functions (dist/main.cjs and the files that it loads) and the workers that they start, production
 * dependencies inside. `--minify` for deployment, `--force` to build although nothing changed.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { codeCacheOf } from '../functions/bundle-loader.ts';
import { writeWhole } from './write-whole.ts';
import { builtFileMode, copyWasm, processingBundle, threads, wasmNames } from './processing-bundle.ts';
import { bundleServices, englishOnly, type BuiltFile, type ServiceBundle } from './service-bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Processes and threads of their own, by output name; they lie beside main.cjs, where its code looks for them. */
const workers: Readonly<Record<string, string>> = {
  worker: 'shared/images/process/worker.ts',
  // Apart, so that no other process holds their code.
  candidates: 'shared/images/process/candidate-files.ts',
  ...threads,
};

/** Provided by the Azure Functions worker, or native code that cannot be bundled. */
const external = ['@azure/functions-core', 'sharp', 'pg-native', 'msnodesqlv8'];

interface Stamp {
  readonly options: string;
  /** Milliseconds of last change and size, by input file. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Names of the files that were built. */
  readonly outputs: readonly string[];
}

const stampOf = (outdir: string): string => join(outdir, '.inputs.json');

/** A process that runs an older build loads some of its files when it first needs them: for so long they stay. */
const olderFilesStayMs = 7 * 24 * 3_600_000;

const fingerprint = (file: string) => {
  const { mtimeMs, size } = statSync(`${root}${file}`);
  return `${mtimeMs}/${size}`;
};

function isUpToDate(outdir: string, options: string): boolean {
  if (!existsSync(stampOf(outdir))) return false;
  const stamp = JSON.parse(readFileSync(stampOf(outdir), 'utf8')) as Stamp;
  return (
    stamp.options === options &&
    stamp.outputs.every((name) => existsSync(join(outdir, name))) &&
    Object.entries(stamp.inputs).every(
      ([file, seen]) => existsSync(`${root}${file}`) && fingerprint(file) === seen,
    )
  );
}

/** In the place of the version until everything is built; as long, so that source maps stay true. */
const noVersion = '(no-version)';

/** The same for the same code, whoever builds it and when. */
function versionOf(files: readonly BuiltFile[]): string {
  const digest = createHash('sha256');
  for (const { text } of files.toSorted((one, other) => (one.name < other.name ? -1 : 1)))
    digest.update(text);
  return digest.digest('hex').slice(0, noVersion.length);
}

const define = { 'import.meta.url': 'bundleUrl' };

/** What a file that has these names needs in front. */
const bannerOf = (text: string): string =>
  [
    text.includes('bundleVersion') ? `const bundleVersion = "${noVersion}";` : '',
    text.includes('bundleUrl') ? 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' : '',
  ].join('');

/** The functions as `buildFunctions` builds them, and nothing written. */
export const bundleFunctions = (
  options: Pick<BuildOptions, 'minify' | 'plugins'> = {},
): Promise<ServiceBundle> =>
  bundleServices({
    ...{ root, external, define, bannerOf, minify: options.minify ?? false },
    plugins: [...(options.plugins ?? []), processingBundle(root)],
  });

async function bundleWorkers(minify: boolean, plugins: readonly Plugin[]) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { ...workers },
    outdir: join(root, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    external,
    minify,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [...plugins, englishOnly, processingBundle(root)],
    define,
    banner: { js: bannerOf('bundleUrl') },
  });
  const textOf = (name: string): string => outputFiles.find(({ path }) => basename(path) === name)!.text;
  const files = Object.keys(workers).map((name): BuiltFile => {
    const file = `${name}.cjs`;
    return { name: file, text: textOf(file), map: textOf(`${file}.map`) };
  });
  return { files, inputs: Object.keys(metafile.inputs) };
}

/** Those named by content are written once; being of a build again, they stay as long as a new one. */
function writeFiles(outdir: string, files: readonly BuiltFile[], version: string): void {
  const write = (name: string, text: string): void => {
    const path = join(outdir, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) utimesSync(path, new Date(), new Date());
    else writeWhole(path, text, builtFileMode);
  };
  for (const { name, text, map } of files) {
    write(`${name}.map`, map);
    write(name, text.replace(noVersion, version));
  }
}

/** For a package alone: what is built to be worked on is compiled as it runs. Answers the names. */
async function writeCodeCache(outdir: string, files: readonly BuiltFile[]): Promise<readonly string[]> {
  const names = files.map(({ name }) => name);
  const script = join(root, 'infra/code-cache.ts');
  await promisify(execFile)(process.execPath, [script, outdir, ...names]);
  return names.map(codeCacheOf);
}

function removeOlderFiles(outdir: string, outputs: readonly string[]): void {
  for (const name of readdirSync(outdir)) {
    const isOurs = /\.cjs(\.map|\.v8)?$/.test(name) && !outputs.includes(name.replace(/\.map$/, ''));
    const path = join(outdir, name);
    if (isOurs && statSync(path).mtimeMs < Date.now() - olderFilesStayMs) rmSync(path);
  }
}

/** Names of files in dist/, or another folder, that are not of its last build. */
export function olderFiles(outdir = join(root, 'dist')): readonly string[] {
  const { outputs } = JSON.parse(readFileSync(stampOf(outdir), 'utf8')) as Stamp;
  return readdirSync(outdir).filter((name) => /\.cjs(\.v8)?$/.test(name) && !outputs.includes(name));
}

export interface BuildOptions {
  readonly minify?: boolean;
  readonly force?: boolean;
  /** dist/ when left out. */
  readonly outdir?: string | undefined;
  /** What is other than in the source: another release. */
  readonly plugins?: readonly Plugin[];
}

/** Builds into dist/, or another folder, unless nothing changed since the last time; answers whether it built. */
export async function buildFunctions(given: BuildOptions = {}): Promise<boolean> {
  const { minify = false, force = false, plugins = [] } = given;
  const outdir = resolve(root, given.outdir ?? 'dist');
  const changes = plugins.map(({ name }) => name);
  const options = JSON.stringify({ minify, workers, external, changes });
  if (!force && isUpToDate(outdir, options)) return false;

  mkdirSync(outdir, { recursive: true });
  const [services, others] = await Promise.all([
    bundleFunctions({ minify, plugins }),
    bundleWorkers(minify, plugins),
  ]);
  // Last what a start begins with, so that it finds the rest.
  const files = [...services.files, ...others.files, services.entry];
  writeFiles(outdir, files, versionOf(files));
  const compiled = minify ? await writeCodeCache(outdir, services.files) : [];
  copyWasm(root, outdir);
  const inputs = [
    ...new Set([...services.inputs, ...others.inputs]),
    'infra/build.ts',
    'infra/service-bundle.ts',
    'infra/code-cache.ts',
    'infra/processing-bundle.ts',
    // A processor that is added or removed changes its folder.
    'shared/images/process/processors',
    'shared/images/process/candidates',
  ];
  const stamp: Stamp = {
    options,
    inputs: Object.fromEntries(inputs.map((file) => [file, fingerprint(file)])),
    outputs: [...files.map(({ name }) => name), ...wasmNames, ...compiled],
  };
  removeOlderFiles(outdir, stamp.outputs);
  writeWhole(stampOf(outdir), JSON.stringify(stamp), builtFileMode);
  return true;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { minify: { type: 'boolean' }, force: { type: 'boolean' } } });
  const began = performance.now();
  const built = await buildFunctions(values);
  console.log(built ? `dist/ built in ${Math.round(performance.now() - began)} ms` : 'dist/ is up to date');
}
