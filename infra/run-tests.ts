/**
 * `npm test [-- PATTERN…]`: builds, then runs the fast tests side by side, and those of the whole stack and of the browser one after the other.
 * Ends with the tests that were skipped, by name and reason, and one line: `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { buildFunctions } from './build.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Assertion {
  readonly fullName: string;
  readonly status: string;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

interface Group {
  readonly name: string;
  readonly arguments: readonly string[];
  /** Pattern of the paths that belong to the other group. */
  readonly leaveOut: string;
}

/** Those of the whole stack start processes by the dozen: one file at a time, nothing beside them. */
const groups: readonly Group[] = [
  { name: 'unit and contract', arguments: [], leaveOut: 'tests/(pipeline|browser|deploy)/' },
  {
    name: 'whole stack',
    arguments: ['--runInBand'],
    leaveOut: 'tests/(unit|contract|issues|browser|fuzz|bench)/',
  },
  {
    name: 'browser',
    arguments: ['--runInBand'],
    leaveOut: 'tests/(unit|contract|issues|pipeline|deploy|fuzz|bench)/',
  },
];

async function runJest(group: Group, patterns: readonly string[], output: string): Promise<Report> {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...patterns];
  const scope = ['--testPathIgnorePatterns', '/node_modules/', group.leaveOut];
  const report = ['--passWithNoTests', '--forceExit', '--json', `--outputFile=${output}`];
  const child = spawn(process.execPath, [...jest, ...group.arguments, ...report, ...scope], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (!existsSync(output)) throw new Error(`jest ended with ${code} and left no report (${group.name}).`);
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}

/** A skipped test says why in its title: `… [skipped: reason]`. */
function describeSkipped({ fullName }: Assertion): string {
  const reason = /\[skipped: ([^\]]*)\]/i.exec(fullName);
  return reason ? `${fullName.replace(reason[0], '').replace(/\s+/g, ' ').trim()}: ${reason[1]}` : fullName;
}

const hasFailed = ({ status }: Report['testResults'][number]): boolean => status === 'failed';

/**
 * Runs the files that failed once more, each alone. Tests of processes that are killed meet a busy machine at times: what
 * passes alone counts, and is named, so that a test that needs this again and again is seen.
 */
async function runAgain(report: Report, output: string): Promise<Report> {
  const failed = report.testResults.filter(hasFailed).map(({ name }) => name);
  if (failed.length === 0 || failed.length > 8) return report;
  console.error(`\n── once more, alone: ${failed.map((name) => name.slice(root.length)).join(', ')} ──`);
  const group = {
    name: 'once more',
    arguments: ['--runInBand', '--runTestsByPath'],
    leaveOut: 'tests/none/',
  };
  const again = await runJest(group, failed, output);
  for (const { name } of again.testResults.filter((file) => !hasFailed(file))) {
    console.log(`\nPassed only when run again, alone: ${name.slice(root.length)}`);
  }
  const kept = report.testResults.filter((file) => !failed.includes(file.name));
  return { testResults: [...kept, ...again.testResults] };
}

async function main(): Promise<number> {
  const patterns = process.argv.slice(2);
  await buildFunctions();
  const directory = mkdtempSync(`${tmpdir()}/darkroom-test-`);
  const reports: Report[] = [];
  try {
    for (const [index, group] of groups.entries()) {
      console.error(`\n── ${group.name} ──`);
      const report = await runJest(group, patterns, `${directory}/${index}.json`);
      reports.push(await runAgain(report, `${directory}/${index}-again.json`));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const files = reports.flatMap(({ testResults }) => testResults);
  const assertions = files.flatMap(({ assertionResults }) => assertionResults);
  const having = (...statuses: string[]) => assertions.filter(({ status }) => statuses.includes(status));
  const [passed, failed, skipped] = [having('passed'), having('failed'), having('pending', 'todo')];
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);

  if (skipped.length > 0)
    console.log(`\nSkipped:\n${skipped.map((one) => `  ${describeSkipped(one)}`).join('\n')}`);
  if (failed.length > 0)
    console.log(`\nFailed:\n${failed.map(({ fullName }) => `  ${fullName}`).join('\n')}`);
  for (const file of broken) console.log(`\nDid not run: ${file.name}\n${file.message}`);
  const total = failed.length + broken.length;
  if (assertions.length === 0) console.log('\nNo test ran.');
  console.log(`\n${passed.length} passed, ${total} failed, ${skipped.length} skipped`);
  return total > 0 || passed.length === 0 ? 1 : 0;
}

process.exitCode = await main();
