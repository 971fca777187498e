/** Whether node_modules is whole. Plain JavaScript, because it runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stampOf = (directory) => `${directory}node_modules/.darkroom-installed`;
const lockOf = (directory) => readFileSync(`${directory}package-lock.json`, 'utf8');
const digest = (text) => createHash('sha256').update(text).digest('hex');

/** Packages of package-lock.json: path and entry of each. */
export const lockedPackages = (directory) =>
  Object.entries(JSON.parse(lockOf(directory)).packages).filter(([name, { link }]) => name !== '' && !link);

/** Those that are wanted on every machine and that are not there. */
const missingPackages = (directory) =>
  lockedPackages(directory)
    .filter(([name, { optional }]) => !optional && !existsSync(`${directory}${name}/package.json`))
    .map(([name]) => name);

/** What keeps the packages of a clone (a path that ends in a slash) from being used, or undefined. */
export function packagesFault(directory = root) {
  if (!existsSync(`${directory}node_modules`)) return 'nothing is installed yet';
  const missing = missingPackages(directory);
  if (missing.length > 0) return `${missing.length} packages are missing, the first is ${missing[0]}`;
  if (!existsSync(stampOf(directory))) return 'an installation did not end';
  const isCurrent = readFileSync(stampOf(directory), 'utf8') === digest(lockOf(directory));
  return isCurrent ? undefined : 'package-lock.json has changed';
}

/** What keeps the Node of package.json from running, or undefined. */
export function nodeFault(directory = root) {
  const own = `${directory}node_modules/node`;
  const wanted = JSON.parse(readFileSync(`${own}/package.json`, 'utf8')).version;
  const program = `${own}/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${wanted}` ? undefined : `Node ${wanted} is not there`;
}

/** Remembers that all of package-lock.json is installed. */
export const markInstalled = (directory = root) =>
  writeFileSync(stampOf(directory), digest(lockOf(directory)));
