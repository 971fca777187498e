import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { printTable } from '../../../client/table.ts';
import {
  defaultMemory,
  openLakeCopy,
  openLakeDirectory,
  type Answer,
} from '../../../infra/local/lake/open.ts';
import { lakeTables } from '../../../shared/lake/schema.ts';
import { asSpreadsheetText } from '../../../shared/orders/spreadsheet-text.ts';
import { lakeStore, storageOption } from '../../support/lake.ts';
import { printJson } from '../../support/output.ts';

interface Options {
  readonly storage?: string;
  readonly directory?: string;
  readonly memory: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

const flat = (rows: Answer['rows']): (string | number | null)[][] =>
  rows.map((row) =>
    row.map((cell) =>
      cell === null || typeof cell === 'number' || typeof cell === 'string' ? cell : JSON.stringify(cell),
    ),
  );

/** Texts as spreadsheets show them; numbers and decimals, which are text too, as they are. */
const csvOf = ({ columns, types, rows }: Answer): string =>
  stringify(
    flat(rows).map((row) =>
      row.map((cell, at) =>
        types[at] === 'VARCHAR' && typeof cell === 'string' ? asSpreadsheetText(cell) : cell,
      ),
    ),
    { header: true, columns: [...columns] },
  );

const objectsOf = ({ columns, rows }: Answer): unknown[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));

/** DuckDB's words, with what it cannot know. */
function explained(error: unknown): Error {
  const { message } = error as Error;
  const empty = /^IO Error: No files found.*?(\w+)\.parquet"/s.exec(message)?.[1];
  if (empty !== undefined)
    return new Error(`There is no ${empty} in this lake yet: run "npx darkroom lake export".`);
  if (/^Catalog Error: Table with name/.test(message))
    return new Error(`${message.split('\n')[0]} The tables are ${lakeTables.join(', ')}.`);
  if (message.startsWith('Out of Memory'))
    return new Error(`The answer needs more memory than it may have: ask for less, or say --memory SIZE.`);
  return error as Error;
}

async function query(sql: string, { storage, directory, memory, json, csv }: Options): Promise<void> {
  const named = lakeTables.filter((table) => new RegExp(`\\b${table}\\b`, 'i').test(sql));
  try {
    const lake =
      directory === undefined
        ? await openLakeCopy(lakeStore(storage), named, memory)
        : await openLakeDirectory(directory, named, memory);
    try {
      const answer = await lake.ask(sql);
      if (json === true) printJson(objectsOf(answer));
      else if (csv === true) process.stdout.write(csvOf(answer));
      else printTable(answer.columns, flat(answer.rows));
    } finally {
      await lake.close();
    }
  } catch (error) {
    throw explained(error);
  }
}

export const addLakeQuery = (lake: Command): Command =>
  lake
    .command('query <sql>')
    .description(
      'ask the tables of the lake, with DuckDB; nothing but the lake can be read, and nothing written',
    )
    .option('--directory <directory>', 'a copy of the lake on disk instead')
    .option(...storageOption)
    .option('--memory <size>', 'what the query may use', defaultMemory)
    .option('--json', 'print JSON')
    .addOption(new Option('--csv', 'print CSV').conflicts('json'))
    .addHelpText(
      'after',
      `
Tables: ${lakeTables.join(', ')}

Example:
  npx darkroom lake query "SELECT day, sum(price) FROM fact_sales GROUP BY day ORDER BY day DESC LIMIT 7"`,
    )
    .action(query);
