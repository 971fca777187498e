/**
 * Holds sql/azure and sql/synapse against Microsoft's own engines: ScriptDom parses every file for Azure SQL, DacFx builds
 * and validates a model of all of them, gated ones included. It takes the .NET SDK, and NuGet for the two libraries.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { databaseCollation } from '../../shared/database/collation.ts';
import { readMigrations, type Migration } from '../../shared/database/migrations/files.ts';
import { batchesOf, createTable } from '../../shared/database/migrations/mssql.ts';
import { inOrder } from '../../shared/database/migrations/plan.ts';
import { fillIn } from '../../shared/database/migrations/synapse.ts';
import { azureInterface } from '../sql-interface/azure.ts';
import type { Type } from '../sql-interface/interface.ts';
import { declared } from '../sql-interface/view-types.ts';
import type { Snapshot } from '../../shared/database/lint/snapshot.ts';
import { missingSdk } from './dotnet.ts';
import { resultOf, skipped, type CheckResult } from './result.ts';
import { lintedScript, lintResults, lintStatements } from './lint.ts';
import { variantsOf } from './sql-faults.ts';

const project = fileURLToPath(new URL('sql', import.meta.url));
const artifacts = fileURLToPath(new URL('../../node_modules/.cache/check-azure-sql', import.meta.url));

const example = { LakeUrl: 'https://account.dfs.core.windows.net/lake' };

interface Column {
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
}

/** What the engines said, and the interface as DacFx has it, by `schema.name`. */
interface Report {
  readonly checks: readonly {
    readonly name: string;
    readonly errors: readonly string[];
    readonly summary: string;
  }[];
  /** Whether each planted fault was seen. */
  readonly seen: readonly boolean[];
  readonly views: Readonly<Record<string, readonly Column[]>>;
  readonly procedures: Readonly<Record<string, readonly Column[]>>;
  /** What the lints look at, and the same with their faults planted. */
  readonly snapshot: Snapshot;
  readonly planted: Snapshot;
}

const inApplyOrder = (files: readonly Migration[]): Migration[] => [
  ...files.filter(({ objects }) => objects.length === 0),
  ...inOrder(files),
];

const scriptsOf = (files: readonly Migration[]) => [
  { name: 'the runner', batches: [createTable] },
  ...inApplyOrder(files).map(({ name, sql }) => ({ name, batches: batchesOf(sql) })),
];

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

/** Where the types that infra/sql-interface reads from the text are not those of DacFx, which it is held against here. */
async function typeFaults({ views, procedures }: Report): Promise<string[]> {
  const read = await azureInterface();
  const compare = (
    kind: string,
    name: string,
    found: readonly (readonly [string, Type])[],
    columns: readonly Column[],
  ) =>
    found.flatMap(([column, type], index) => {
      const other = columns[index];
      const same =
        other?.name === column && (other.type === 'unknown' || baseOf(other.type) === textIfJson(type.base));
      return same ? [] : [`${kind} ${name}: ${column} ${type.base}, but ${other?.name} ${other?.type}`];
    });
  return [
    ...[...read.views].flatMap(([name, columns]) => compare('view', name, columns, views[name] ?? [])),
    ...[...read.procedures].flatMap(([name, parameters]) => {
      const pairs = parameters.map((one) => [one.name, one.type] as const);
      return compare('procedure', name, pairs, procedures[name] ?? []);
    }),
  ];
}

const textIfJson = (base: string): string => (base === 'json' ? 'text' : base);

/** No length is told here, and JSON is in texts of any length. */
const baseOf = (type: string): string => (type === 'nvarchar' ? 'text' : declared(type).base);

export async function checkSql(): Promise<CheckResult[]> {
  const missing = await missingSdk();
  if (missing !== undefined) return [skipped('T-SQL', missing)];
  const azure = await readMigrations('azure');
  const variants = variantsOf(azure);
  const synapse = inApplyOrder(await readMigrations('synapse'));
  const input = {
    collation: databaseCollation,
    azure: scriptsOf(azure),
    variants: variants.map(({ files }) => scriptsOf(files)),
    linted: [...scriptsOf(azure), lintedScript],
    statements: [lintStatements],
    synapse: synapse.map(({ name, sql }) => ({ name, batches: batchesOf(fillIn(sql, example)) })),
  };
  const report = JSON.parse(await run(JSON.stringify(input))) as Report;
  const unseen = variants.filter((_, index) => report.seen[index] !== true).map(({ fault }) => fault);
  return [
    ...report.checks.map(({ name, errors, summary }) => resultOf(name, summary, errors)),
    resultOf(
      'T-SQL interface',
      `${Object.keys(report.views).length} views as DacFx has them`,
      await typeFaults(report),
    ),
    resultOf('T-SQL: planted faults that are not seen', `${variants.length} planted`, unseen),
    ...lintResults(report),
  ];
}
