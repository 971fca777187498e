import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What esbuild cannot bundle: native code, which has to be the one of where the functions run. */
const native = 'sharp';
const platform = { os: 'linux', cpu: 'x64', libc: 'glibc' } as const;

interface Locked {
  readonly version?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, Locked>>;

const runsThere = (locked: Locked): boolean =>
  (Object.keys(platform) as (keyof typeof platform)[]).every(
    (what) => locked[what]?.includes(platform[what]) ?? true,
  );

const lockOf = (root: string): Packages =>
  (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Packages }).packages;

/** sharp and what it needs on linux-x64, by path below the root, as the lock file has them whatever machine wrote it. */
export function nativePackages(lock: Packages): Packages {
  const found: Record<string, Locked> = {};
  const add = (name: string, from: string): void => {
    const path = [`${from}/node_modules/${name}`, `node_modules/${name}`].find((one) => one in lock);
    if (path === undefined) throw new Error(`the lock file has no ${name}; run npm install`);
    const locked = lock[path]!;
    if (path in found || !runsThere(locked)) return;
    found[path] = locked;
    const needs = { ...locked.dependencies, ...locked.optionalDependencies };
    for (const dependency of Object.keys(needs)) add(dependency, path);
  };
  add(native, '');
  return found;
}

/** Without what is for other platforms: npm would miss it in a lock file that holds only these packages. */
const forThese = (packages: Packages): Packages =>
  Object.fromEntries(
    Object.entries(packages).map(([path, { optionalDependencies = {}, ...locked }]) => {
      const optional = Object.entries(optionalDependencies).filter(
        ([name]) => `node_modules/${name}` in packages,
      );
      return [path, { ...locked, optionalDependencies: Object.fromEntries(optional) }];
    }),
  );

const isInstalled = (root: string, path: string, { version }: Locked): boolean => {
  const file = join(root, path, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Locked).version === version;
};

/** npm brings them for a platform that is not this one, with the digests of the lock file. */
async function install(target: string, packages: Packages): Promise<void> {
  const own = { dependencies: { [native]: packages[`node_modules/${native}`]?.version } };
  const lock = { lockfileVersion: 3, requires: true, packages: { '': own, ...forThese(packages) } };
  writeFileSync(join(target, 'package.json'), JSON.stringify(own));
  writeFileSync(join(target, 'package-lock.json'), JSON.stringify(lock));
  const flags = Object.entries(platform).map(([what, value]) => `--${what}=${value}`);
  await promisify(execFile)('npm', ['ci', ...flags, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: target,
    shell: process.platform === 'win32',
  });
}

/** Puts sharp for linux-x64 into `target/node_modules`: from this checkout when it is of that platform, else by npm. */
export async function stageNativePackages(root: string, target: string): Promise<void> {
  const packages = nativePackages(lockOf(root));
  mkdirSync(target, { recursive: true });
  const here = Object.entries(packages).every(([path, locked]) => isInstalled(root, path, locked));
  if (!here) return install(target, packages);
  for (const path of Object.keys(packages)) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(root, path), join(target, path), { recursive: true, dereference: true });
  }
}
