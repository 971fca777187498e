import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

type Require = (name: string) => unknown;
type Evaluate = (exports: object, require: Require, module: object, file: string, directory: string) => void;

/** The files of a bundle, each evaluated when it is first loaded. */
export interface LoadedBundle {
  readonly load: Require;
  /** By name; what has been loaded. */
  readonly scripts: ReadonlyMap<string, Script>;
}

/** Beside a file: what V8 compiled of it when the package was made. */
export const codeCacheOf = (name: string): string => `${name}.v8`;

const head = '(function (exports, require, module, __filename, __dirname) { ';

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Loads the files of a bundle as Node loads CommonJS, but with V8's compiled code where the package has it. V8 takes it only
 * if it is that version of V8, with the same flags, and compiles the source otherwise.
 */
export function loadBundle(directory: string, requireOthers: Require): LoadedBundle {
  const scripts = new Map<string, Script>();
  const modules = new Map<string, { exports: object }>();
  const require = (name: string): unknown => {
    if (!name.startsWith('./')) return requireOthers(name);
    const loaded = modules.get(name);
    if (loaded !== undefined) return loaded.exports;
    const file = join(directory, name);
    const cachedData = readIfThere(codeCacheOf(file));
    const script = new Script(`${head}${readFileSync(file, 'utf8')}\n})`, {
      filename: file,
      columnOffset: -head.length,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    const module = { exports: {} };
    modules.set(name, module);
    scripts.set(name, script);
    (script.runInThisContext() as Evaluate)(module.exports, require, module, file, directory);
    return module.exports;
  };
  return { load: require, scripts };
}
