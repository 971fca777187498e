/**
 * Builds the console (web/dist) with Vite, unless nothing changed since the last time. `--force` to build anyway.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = `${root}web`;
const output = `${web}/dist`;
const stampFile = `${root}node_modules/.cache/darkroom-console.stamp`;

/** Folders and files that the console is made from. Console and client import modules of several folders of `shared`. */
export const consoleInputs = [
  ...['web/src', 'web/public', 'client', 'shared', 'infra/power-bi', 'infra/power-bi-files'],
  ...['web/index.html', 'web/vite.config.ts', 'web/power-bi.ts', 'web/tsconfig.json', 'package-lock.json'],
];

const filesOf = (input: string): string[] =>
  statSync(`${root}${input}`).isFile()
    ? [input]
    : readdirSync(`${root}${input}`, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .toSorted();

function digestOfInputs(): string {
  const hash = createHash('sha256');
  for (const file of consoleInputs.flatMap(filesOf)) hash.update(file).update(readFileSync(`${root}${file}`));
  return hash.digest('hex');
}

const isUpToDate = (digest: string): boolean =>
  existsSync(`${output}/index.html`) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest;

/** In a process of its own: it needs much memory for a moment, and does not run inside jest's vm contexts. */
async function runVite(words: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [`${root}node_modules/vite/bin/vite.js`, ...words], {
    cwd: root,
    // Jest sets it to test, and Vite would build a console for that.
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

/** Answers whether it built. Built aside and put in place whole: another stack may be serving the old one. */
export async function buildConsole({ force = false }: { force?: boolean } = {}): Promise<boolean> {
  const digest = digestOfInputs();
  if (!force && isUpToDate(digest)) return false;
  const aside = `${web}/.dist-${process.pid}`;
  try {
    await runVite([
      'build',
      web,
      '--config',
      `${web}/vite.config.ts`,
      '--logLevel',
      'warn',
      '--outDir',
      aside,
      '--emptyOutDir',
    ]);
    rmSync(output, { recursive: true, force: true });
    renameSync(aside, output);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, digest);
  return true;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { force: { type: 'boolean' } } });
  const began = performance.now();
  const built = await buildConsole(values);
  console.log(
    built ? `web/dist built in ${Math.round(performance.now() - began)} ms` : 'web/dist is up to date',
  );
}
