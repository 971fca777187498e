/**
 * Bundles the functions (dist/main.cjs) and the workers that they start, production dependencies inside, so that
 * Azure and the local host load one file. `--minify` for deployment, `--force` to build although nothing changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { writeWhole } from './write-whole.ts';
import { builtFileMode, copyWasm, processingBundle, resizeThread, wasmNames } from './processing-bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles by output name; workers lie beside main.cjs, where the bundled code looks for them. */
const entries: Readonly<Record<string, string>> = {
  main: 'functions/main.ts',
  worker: 'shared/images/process/worker.ts',
  // Apart, so that no other process holds their code.
  candidates: 'shared/images/process/candidate-files.ts',
  [resizeThread.name]: resizeThread.entry,
};

/** Provided by the Azure Functions worker, or native code that cannot be bundled. */
const external = ['@azure/functions-core', 'sharp', 'pg-native', 'msnodesqlv8'];

interface Stamp {
  readonly options: string;
  /** Milliseconds of last change and size, by input file. */
  readonly inputs: Readonly<Record<string, string>>;
}

const fingerprint = (file: string) => {
  const { mtimeMs, size } = statSync(`${root}${file}`);
  return `${mtimeMs}/${size}`;
};

function isUpToDate(stampFile: string, options: string, outputs: readonly string[]): boolean {
  if (![stampFile, ...outputs].every((file) => existsSync(file))) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
  return (
    stamp.options === options &&
    Object.entries(stamp.inputs).every(
      ([file, seen]) => existsSync(`${root}${file}`) && fingerprint(file) === seen,
    )
  );
}

/** In the place of the version until everything is built; as long, so that source maps stay true. */
const noVersion = '(no-version)';

/** The same for the same code, whoever builds it and when. */
function versionOf(code: readonly OutputFile[]): string {
  const digest = createHash('sha256');
  for (const { contents } of code.toSorted((one, other) => (one.path < other.path ? -1 : 1)))
    digest.update(contents);
  return digest.digest('hex').slice(0, noVersion.length);
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
  const present = Object.entries(entries).filter(([, entry]) => existsSync(`${root}${entry}`));
  const outputs = [...present.map(([name]) => `${name}.cjs`), ...wasmNames].map((name) => join(outdir, name));
  const stampFile = join(outdir, '.inputs.json');
  const changes = plugins.map(({ name }) => name);
  const options = JSON.stringify({ minify, entries: present, external, changes });
  if (!force && isUpToDate(stampFile, options, outputs)) return false;

  mkdirSync(outdir, { recursive: true });
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir,
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
    plugins: [...plugins, processingBundle(root)],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: {
      js: `const bundleVersion = "${noVersion}", bundleUrl = require("node:url").pathToFileURL(__filename).href;`,
    },
  });
  const code = outputFiles.filter(({ path }) => path.endsWith('.cjs'));
  const version = versionOf(code);
  for (const file of outputFiles) {
    const contents = code.includes(file) ? file.text.replace(noVersion, version) : file.contents;
    writeWhole(file.path, contents, builtFileMode);
  }
  copyWasm(root, outdir);
  const inputs = [
    ...Object.keys(metafile.inputs),
    'infra/build.ts',
    'infra/processing-bundle.ts',
    // A processor that is added or removed changes its folder.
    'shared/images/process/processors',
    'shared/images/process/candidates',
  ];
  const stamp: Stamp = {
    options,
    inputs: Object.fromEntries(inputs.map((file) => [file, fingerprint(file)])),
  };
  writeWhole(stampFile, JSON.stringify(stamp), builtFileMode);
  return true;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { minify: { type: 'boolean' }, force: { type: 'boolean' } } });
  const began = performance.now();
  const built = await buildFunctions(values);
  console.log(built ? `dist/ built in ${Math.round(performance.now() - began)} ms` : 'dist/ is up to date');
}
