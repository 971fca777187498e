import type { Command } from 'commander';
import { openLakeCopy, openLakeDirectory } from '../../infra/local/lake/open.ts';
import { verifyLake } from '../../infra/local/lake/verify.ts';
import { migrateSynapse } from '../../shared/database/migrations/synapse.ts';
import { compactLake } from '../../shared/lake/compact.ts';
import { exportTable, type TableExport } from '../../shared/lake/export-table.ts';
import { lakeTables } from '../../shared/lake/schema.ts';
import { databaseOption } from '../support/database.ts';
import { lakeStore, stackClock, storageOption, withDatabase } from '../support/lake.ts';
import { formatBytes, printTable } from '../../client/table.ts';
import { printJson } from '../support/output.ts';

interface Options {
  readonly database?: string;
  readonly storage?: string;
  readonly directory?: string;
  readonly rebuild?: boolean;
  readonly json?: boolean;
}

async function exportNow({ database, storage, rebuild, json }: Options): Promise<void> {
  const store = lakeStore(storage);
  const tables = await withDatabase(database, async (opened) => {
    const done: TableExport[] = [];
    for (const table of lakeTables) {
      done.push(
        await exportTable({ database: opened, store, clock: stackClock() }, table, {
          rebuild: rebuild === true,
        }),
      );
    }
    return done;
  });
  if (json === true) printJson({ tables });
  else
    printTable(
      ['table', 'changed', 'files written', 'written', 'rows', 'files', 'size', 'watermark'],
      tables.map((one) => [
        one.table,
        one.changed,
        one.written,
        formatBytes(one.bytesWritten),
        one.rows,
        one.files,
        formatBytes(one.bytes),
        one.watermark,
      ]),
    );
}

async function compact({ storage, json }: Options): Promise<void> {
  const tables = await compactLake({ store: lakeStore(storage), clock: stackClock() });
  if (json === true) printJson({ tables });
  else
    printTable(
      ['table', 'files', 'rewritten', 'removed', 'size before', 'size after'],
      tables.map((one) => [
        one.table,
        one.files,
        one.rewritten,
        one.removed,
        formatBytes(one.bytesBefore),
        formatBytes(one.bytesAfter),
      ]),
    );
}

async function verify({ database, storage, json }: Options): Promise<void> {
  const lake = await openLakeCopy(lakeStore(storage));
  try {
    const verdict = await withDatabase(database, (opened) => verifyLake(opened, lake));
    const { checks, differences } = verdict;
    if (json === true) printJson({ agrees: differences.length === 0, ...verdict });
    else {
      printTable(['compared', 'lines'], Object.entries(checks));
      if (differences.length === 0) console.log('\nLake and database agree to the last digit.');
      else {
        console.log(`\n${differences.length} differences (what is not exported yet is one):`);
        printTable(
          ['check', 'of', 'database', 'lake'],
          differences.slice(0, 20).map((one) => [one.check, one.of, one.database ?? '-', one.lake ?? '-']),
        );
      }
    }
    process.exitCode = differences.length === 0 ? 0 : 1;
  } finally {
    await lake.close();
  }
}

async function query(sql: string, { storage, directory, json }: Options): Promise<void> {
  const named = lakeTables.filter((table) => new RegExp(`\\b${table}\\b`, 'i').test(sql));
  const lake =
    directory === undefined
      ? await openLakeCopy(lakeStore(storage), named)
      : await openLakeDirectory(directory, named);
  try {
    const { columns, rows } = await lake.ask(sql);
    if (json === true)
      printJson(
        rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null]))),
      );
    else
      printTable(
        columns,
        rows.map((row) =>
          row.map((cell) =>
            cell === null || typeof cell === 'number' || typeof cell === 'string'
              ? cell
              : JSON.stringify(cell),
          ),
        ),
      );
  } finally {
    await lake.close();
  }
}

interface MigrateOptions {
  readonly endpoint: string;
  readonly lakeUrl: string;
  readonly group: string;
  readonly json?: boolean;
}

async function migrate({ endpoint, lakeUrl, group, json }: MigrateOptions): Promise<void> {
  const variables = { LakeUrl: lakeUrl, AnalyticsGroup: group };
  const result = await migrateSynapse(endpoint, variables);
  if (json === true) printJson(result);
  else for (const name of result.applied) console.log(`applied  ${name}`);
  if (json !== true && result.applied.length === 0) console.log('Nothing is pending.');
}

export function addLake(program: Command): void {
  const lake = program.command('lake').description('the warehouse: export, compaction, proof and questions');
  lake
    .command('export')
    .description('write what has changed since the last export')
    .option('--rebuild', 'write every file anew, as after a restore of the database')
    .option(...databaseOption)
    .option(...storageOption)
    .option('--json', 'print JSON')
    .action(exportNow);
  lake
    .command('compact')
    .description('sort and renew files that need it, remove what is empty for good')
    .option(...storageOption)
    .option('--json', 'print JSON')
    .action(compact);
  lake
    .command('verify')
    .description('hold the lake against the database; exit code 0 when they agree')
    .option(...databaseOption)
    .option(...storageOption)
    .option('--json', 'print JSON')
    .action(verify);
  lake
    .command('query <sql>')
    .description('ask the tables of the lake, with DuckDB')
    .option('--directory <directory>', 'a copy of the lake on disk instead')
    .option(...storageOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npx darkroom lake query "SELECT day, sum(price) FROM fact_sales GROUP BY day ORDER BY day DESC LIMIT 7"',
    )
    .action(query);
  lake
    .command('migrate')
    .description('make or renew the views in Synapse serverless SQL; safe to run twice')
    .requiredOption('--endpoint <host>', 'WORKSPACE-ondemand.sql.azuresynapse.net')
    .requiredOption('--lake-url <url>', 'https://ACCOUNT.dfs.core.windows.net/lake')
    .requiredOption('--group <name>', 'display name of the Entra group of analysts')
    .option('--json', 'print JSON')
    .action(migrate);
}
