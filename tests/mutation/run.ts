/**
 * `npm run mutation [-- FOLDER|FILE…]`: puts small faults into the code, one at a time (Stryker's mutants), runs the tests
 * that belong to its folder, and prints each fault that no test found and the score. Ends with 1 below the agreed score.
 * It works in a copy of the tree, so that nothing has to be restored.
 */
import { Stryker } from '@stryker-mutator/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import setUp, { tearDown } from '../support/jest-setup.ts';
import { filesVariable } from './covering-files.ts';

const configFile = new URL('../../jest.config.mjs', import.meta.url).href;
const { default: jestConfig } = (await import(configFile)) as { default: Record<string, unknown> };

/** Per cent of the mutants that the tests of a folder must find. */
const agreedScore = 80;

const maxBrokenShare = 0.02;

interface Folder {
  /** Names of test files that are left out. */
  readonly slow?: readonly string[];
  /** A folder in it that is left out. */
  readonly except?: string;
  /** Its tests need a PostgreSQL and an Azurite: one of each serves all runs. */
  readonly stores?: boolean;
}

/** Their tests lie in the folders of the same names. */
const folders: Readonly<Record<string, Folder>> = {
  'shared/images/erase': { stores: true },
  'shared/images/process': {
    // Whole files through real decoders: a second or more for each fault, where the other tests take milliseconds.
    slow: [
      'hostile',
      'likeness',
      'pool',
      'engines',
      'colours',
      'cases',
      'heavy-images',
      'out-of-memory',
      'wasm-remains',
    ],
    // What codecs answer is held by those, by comparing pixels.
    except: 'shared/images/process/engine',
  },
  'shared/stream': { stores: true },
  'shared/operations': { stores: true },
  'shared/platform/auth': {},
};

function nameOf(path: string): string {
  const name = Object.keys(folders).find((folder) => path === folder || path.startsWith(`${folder}/`));
  if (name === undefined) throw new Error(`${path} is in none of ${Object.keys(folders).join(', ')}.`);
  return name;
}

const folderOf = (path: string): Folder => folders[nameOf(path)]!;
const testsOf = (path: string): string[] =>
  ['unit', 'contract'].map((kind) => `tests/${kind}/${nameOf(path)}/**/*.test.ts`);

interface Score {
  readonly path: string;
  readonly found: number;
  readonly mutants: number;
}

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

const sourcesOf = (path: string): string[] => {
  const { except } = folderOf(path);
  const sources = path.endsWith('.ts') ? [path] : [`${path}/**/*.ts`];
  return except === undefined || path.startsWith(except) ? sources : [...sources, `!${except}/**`];
};

const runMutants = (path: string, tests: readonly string[]): Promise<Mutant[]> =>
  new Stryker({
    mutate: sourcesOf(path),
    testRunner: 'jest-covering',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
    plugins: ['./tests/mutation/covering-files.ts', './tests/mutation/ignore-texts.ts'],
    ignorers: ['texts'],
    jest: {
      projectType: 'custom',
      config: {
        ...jestConfig,
        // Stryker loads it itself and knows no <rootDir>.
        testEnvironment: fileURLToPath(new URL('../support/environment.ts', import.meta.url)),
        // Where jest looks for files before every run.
        roots: ['<rootDir>/tests/unit', '<rootDir>/tests/contract'],
        testMatch: tests.map((test) => `<rootDir>/${test}`),
        testPathIgnorePatterns: (folderOf(path).slow ?? []).map((name) => `/${name}\\.test\\.ts$`),
        maxWorkers: 1,
      },
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // A run that is slow because the machine is busy has found nothing.
    dryRunTimeoutMinutes: 60,
    timeoutMS: 30_000,
    timeoutFactor: 3,
    // Modules of earlier runs stay in a runner's memory.
    maxTestRunnerReuse: 40,
    tempDirName: '.darkroom/mutation',
    cleanTempDir: 'always',
    ignorePatterns: ['.darkroom', 'dist', 'screenshots'],
    reporters: ['progress-append-only'],
    // Its type is an enum that has no value at run time.
    logLevel: 'error' as never,
    allowConsoleColors: false,
  }).runMutationTest();

async function showMutant(
  { fileName, location, mutatorName, replacement }: Mutant,
  mark = '',
): Promise<void> {
  const { start, end } = location;
  const lines = (await readFile(fileName, 'utf8')).split('\n');
  const last = start.line === end.line ? end.column - 1 : undefined;
  const original = lines[start.line - 1]!.slice(start.column - 1, last);
  const place = `${relative(process.cwd(), fileName)}:${start.line}:${start.column}`;
  console.log(`  ${mark}${place} ${mutatorName}: ${original} -> ${replacement.replaceAll(/\s+/g, ' ')}`);
}

async function scoreOf(path: string, tests: readonly string[]): Promise<Score> {
  const mutants = await runMutants(path, tests);
  const having = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status));
  const [found, missed] = [having('Killed', 'Timeout'), having('Survived', 'NoCoverage')];
  for (const mutant of missed) await showMutant(mutant);
  // A fault that breaks a file before its first test says nothing of the tests; many of them say that something else broke.
  const broken = having('RuntimeError', 'CompileError', 'Pending');
  for (const mutant of broken) await showMutant(mutant, 'not counted: ');
  if (broken.length > maxBrokenShare * mutants.length)
    throw new Error(`${broken.length} runs broke: ${broken[0]?.statusReason ?? 'unknown'}`);
  return { path, found: found.length, mutants: found.length + missed.length };
}

const percent = ({ found, mutants }: Score): number => (mutants === 0 ? 100 : (100 * found) / mutants);

const line = (score: Score): string =>
  `${score.path}: ${percent(score).toFixed(1)} % (${score.found} of ${score.mutants})`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  // Only these tests, to go faster while one works on a file.
  options: { tests: { type: 'string', multiple: true } },
});
const paths = positionals.length > 0 ? positionals : Object.keys(folders);
const needsStores =
  values.tests?.every((test) => test.startsWith('tests/unit/')) !== true &&
  paths.some((path) => folderOf(path).stores === true);
if (needsStores) await setUp();
process.env[filesVariable] = `${mkdtempSync(`${tmpdir()}/darkroom-mutation-`)}/files.json`;
const scores: Score[] = [];
try {
  for (const path of paths) {
    console.log(path);
    scores.push(await scoreOf(path, values.tests ?? testsOf(path)));
  }
} finally {
  rmSync(dirname(process.env[filesVariable]), { recursive: true });
  if (needsStores) await tearDown();
}
const sum = (of: (score: Score) => number): number => scores.reduce((total, score) => total + of(score), 0);
const all = { path: 'all', found: sum(({ found }) => found), mutants: sum(({ mutants }) => mutants) };
console.log([...scores, all].map(line).join('\n'));
process.exitCode = scores.every((score) => percent(score) >= agreedScore) ? 0 : 1;
