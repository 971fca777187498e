/**
 * `npm test [-- PATTERN…]`: builds, then runs the tests of the whole stack, those of the browser and the fast ones beside each other.
 * Ends with the slowest files, the tests that were skipped, by name and reason, and one line: `N passed, N failed, N skipped`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { buildConsole } from './build-console.ts';
import { buildFunctions } from './build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly Assertion[];
  }[];
}

interface Group {
  readonly name: string;
  readonly arguments: readonly string[];
  /** Pattern of the paths that belong to the other groups. */
  readonly leaveOut: string;
  /** Others get a processor first. */
  readonly yields?: true;
}

/**
 * A stack and a browser wait in between, and what they wait for has limits: they get a processor first, one file of each at a time.
 * The fast tests compute, two files at a time, on what is left.
 */
const groups: readonly Group[] = [
  {
    name: 'unit, contract and deploy',
    arguments: [],
    leaveOut: 'tests/(pipeline|browser)/',
    yields: true,
  },
  {
    name: 'whole stack',
    arguments: ['--runInBand'],
    leaveOut: 'tests/(unit|contract|issues|deploy|browser|fuzz|bench)/',
  },
  {
    name: 'browser',
    arguments: ['--runInBand'],
    leaveOut: 'tests/(unit|contract|issues|pipeline|deploy|fuzz|bench)/',
  },
];

/** How long jest may take to end once it has written its report: what is open then was left open by a test. Milliseconds. */
const endsWithinMs = 15_000;

interface Run {
  readonly report: Report;
  /** Set when tests left timers, sockets or processes open. */
  readonly leak: string | undefined;
}

/** Ends a jest that does not end by itself once its report is there; answers whether that was needed. */
function endOf(child: ChildProcess, output: string): Promise<boolean> {
  return new Promise((resolve) => {
    let reportedAt: number | undefined;
    const timer = setInterval(() => {
      if (existsSync(output)) reportedAt ??= Date.now();
      if (reportedAt === undefined || Date.now() - reportedAt < endsWithinMs) return;
      clearInterval(timer);
      child.kill('SIGKILL');
      resolve(true);
    }, 500);
    child.once('close', () => {
      clearInterval(timer);
      resolve(false);
    });
  });
}

async function runJest(group: Group, patterns: readonly string[], output: string): Promise<Run> {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...patterns];
  const scope = ['--testPathIgnorePatterns', '/node_modules/', group.leaveOut];
  const report = ['--passWithNoTests', '--json', `--outputFile=${output}`];
  const child = spawn(process.execPath, [...jest, ...group.arguments, ...report, ...scope], {
    cwd: root,
    // Every process that the tests start compiles what it loads: the hundreds after the first need not.
    env: { ...process.env, NODE_COMPILE_CACHE: `${root}node_modules/.cache/node` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // What it starts inherits this.
  if (group.yields && child.pid !== undefined) setPriority(child.pid, Math.min(19, getPriority() + 10));
  const isStuck = await endOf(child, output);
  if (!existsSync(output))
    throw new Error(`jest ended with ${child.exitCode} and left no report (${group.name}).`);
  return {
    report: JSON.parse(readFileSync(output, 'utf8')) as Report,
    leak: isStuck
      ? `${group.name}: tests left something open; find it with npm run jest -- --detectOpenHandles PATTERN`
      : undefined,
  };
}

/** A skipped test says why in its title: `… [skipped: reason]`. */
function describeSkipped({ fullName }: Assertion): string {
  const reason = /\[skipped: ([^\]]*)\]/i.exec(fullName);
  return reason ? `${fullName.replace(reason[0], '').replace(/\s+/g, ' ').trim()}: ${reason[1]}` : fullName;
}

/** The title and how the first message begins, without colours. */
function describeFailed({ fullName, failureMessages }: Assertion): string {
  const lines = stripVTControlCharacters(failureMessages[0] ?? '').split('\n');
  return [fullName, ...lines.filter((line) => line.trim() !== '').slice(0, 12)].join('\n    ');
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;

/** Where the time goes: of each group, and of the ten files that took longest. */
function describeTimes(took: ReadonlyMap<string, number>, files: Report['testResults']): string {
  const slowest = files
    .map(({ name, startTime, endTime }) => [relative(root, name), endTime - startTime] as const)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 10);
  const lines = [...took, ...slowest].map(([name, milliseconds]) => `  ${seconds(milliseconds)}  ${name}`);
  return ['Time:', ...lines.slice(0, took.size), 'Slowest files:', ...lines.slice(took.size)].join('\n');
}

async function main(): Promise<number> {
  const patterns = process.argv.slice(2);
  await Promise.all([buildFunctions(), buildConsole()]);
  const directory = mkdtempSync(`${tmpdir()}/darkroom-test-`);
  const took = new Map<string, number>();
  const runGroup = async (group: Group): Promise<Run> => {
    const began = performance.now();
    const run = await runJest(group, patterns, `${directory}/${group.name}.json`);
    took.set(group.name, performance.now() - began);
    return run;
  };
  const settled = await Promise.allSettled(groups.map(runGroup));
  rmSync(directory, { recursive: true, force: true });
  const runs = settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const files = runs.flatMap(({ report }) => report.testResults);
  const leaks = runs.map(({ leak }) => leak).filter((leak) => leak !== undefined);
  const assertions = files.flatMap(({ assertionResults }) => assertionResults);
  const having = (...statuses: string[]) => assertions.filter(({ status }) => statuses.includes(status));
  const [passed, failed, skipped] = [having('passed'), having('failed'), having('pending', 'todo')];
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);

  console.log(`\n${describeTimes(took, files)}`);
  if (skipped.length > 0)
    console.log(`\nSkipped:\n${skipped.map((one) => `  ${describeSkipped(one)}`).join('\n')}`);
  if (failed.length > 0)
    console.log(`\nFailed:\n${failed.map((one) => `  ${describeFailed(one)}`).join('\n')}`);
  for (const file of broken) console.log(`\nDid not run: ${file.name}\n${file.message}`);
  for (const leak of leaks) console.log(`\nLeft open: ${leak}`);
  const total = failed.length + broken.length + leaks.length;
  if (assertions.length === 0) console.log('\nNo test ran.');
  console.log(`\n${passed.length} passed, ${total} failed, ${skipped.length} skipped`);
  return total > 0 || passed.length === 0 ? 1 : 0;
}

process.exitCode = await main();
