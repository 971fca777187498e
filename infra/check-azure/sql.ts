/**
 * Holds sql/azure and sql/synapse against Microsoft's own engines: ScriptDom parses every file for Azure SQL, DacFx builds
 * and validates a model of all of them, gated ones included. It takes the .NET SDK, and NuGet for the two libraries.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { databaseCollation } from '../../shared/database/collation.ts';
import { readMigrations, type Migration } from '../../shared/database/migrations/files.ts';
import { batchesOf, createTable } from '../../shared/database/migrations/mssql.ts';
import { inOrder } from '../../shared/database/migrations/plan.ts';
import { fillIn } from '../../shared/database/migrations/synapse.ts';
import type { CheckResult } from './result.ts';

const project = fileURLToPath(new URL('sql', import.meta.url));
const artifacts = fileURLToPath(new URL('../../node_modules/.cache/check-azure-sql', import.meta.url));

const names = ['T-SQL parses', 'Azure SQL model', 'Synapse serverless model'];
const skipped = "SKIPPED: there is no .NET SDK on the path, so Microsoft's engines saw none of the SQL";

const example = { LakeUrl: 'https://account.dfs.core.windows.net/lake', AnalyticsGroup: 'Analysts' };

interface Column {
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
}

/** What the engines said, and the interface as DacFx has it, by `schema.name`. */
export interface SqlReport {
  readonly checks: readonly {
    readonly name: string;
    readonly errors: readonly string[];
    readonly summary: string;
  }[];
  readonly views: Readonly<Record<string, readonly Column[]>>;
  readonly procedures: Readonly<Record<string, readonly Column[]>>;
}

const inApplyOrder = (files: readonly Migration[]): Migration[] => [
  ...files.filter(({ objects }) => objects.length === 0),
  ...inOrder(files),
];

/** Undefined without the .NET SDK. */
export async function reportOnSql(given?: readonly Migration[]): Promise<SqlReport | undefined> {
  if (spawnSync('dotnet', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  const azure = inApplyOrder(given ?? (await readMigrations('azure')));
  const synapse = inApplyOrder(await readMigrations('synapse'));
  const input = {
    collation: databaseCollation,
    azure: [
      { name: 'the runner', batches: [createTable] },
      ...azure.map(({ name, sql }) => ({ name, batches: batchesOf(sql) })),
    ],
    synapse: synapse.map(({ name, sql }) => ({ name, batches: batchesOf(fillIn(sql, example)) })),
  };
  return JSON.parse(await run(JSON.stringify(input))) as SqlReport;
}

function run(input: string): Promise<string> {
  const options = ['run', '--project', project, '--configuration', 'Release', '--artifacts-path', artifacts];
  const child = spawn('dotnet', options, {
    // DacFx compares names by a culture; an image without ICU data would have none.
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '0', DOTNET_NOLOGO: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      // Warnings of the build stand before the one line of the program.
      if (code === 0) resolve(output.slice(output.indexOf('{"checks"')));
      else reject(new Error(`The check of the SQL ended with exit code ${code}: ${output}`));
    });
  });
}

export async function checkSql(): Promise<CheckResult[]> {
  const report = await reportOnSql();
  if (report === undefined) return names.map((name) => ({ name, status: 'skipped', detail: skipped }));
  return report.checks.map(({ name, errors, summary }) => ({
    name,
    status: errors.length === 0 ? 'passed' : 'failed',
    detail: [`${summary}, ${errors.length} errors`, ...errors].join('\n  '),
  }));
}

if (import.meta.main) {
  const results = await checkSql();
  for (const { name, status, detail } of results) console.log(`${status}  ${name}: ${detail}`);
  process.exitCode = results.some(({ status }) => status === 'failed') ? 1 : 0;
}
