import type { Command } from 'commander';
import { printTable } from '../../../client/table.ts';
import { openLakeCopy, openLakeDirectory } from '../../../infra/local/lake/open.ts';
import { lakeTables } from '../../../shared/lake/schema.ts';
import { lakeStore, storageOption } from '../../support/lake.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly storage?: string;
  readonly directory?: string;
  readonly json?: boolean;
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

export const addLakeQuery = (lake: Command): Command =>
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
