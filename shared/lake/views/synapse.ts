import { lakeTables } from '../schema.ts';
import type { LakeTableName, LakeType } from '../schema-types.ts';
import { partitionColumns, viewOf, viewSchema } from './view.ts';

/** Names of database objects that the migrations make and the views use. */
const dataSource = 'lake';

const simple: Readonly<Record<string, string>> = {
  int: 'int',
  bigint: 'bigint',
  boolean: 'bit',
  date: 'date',
  instant: 'datetime2(3)',
};

/**
 * varchar counts bytes, and a character takes up to four of them in UTF-8. What is known to be ASCII is declared no wider
 * than it is: the pool reserves memory by what columns could hold.
 */
const typeOf = (type: LakeType): string => {
  const [, ascii, length] = /^text(_ascii)?\((\d+)\)$/.exec(type) ?? [];
  const bytes = Number(length) * (ascii === undefined ? 4 : 1);
  if (length !== undefined) return `varchar(${bytes}) COLLATE Latin1_General_100_BIN2_UTF8`;
  return simple[type] ?? type;
};

const quote = (name: string): string => `[${name}]`;

const lineLength = 120;

/** As many on a line as fit. */
function inLines(definitions: readonly string[]): string[] {
  const lines: string[] = [];
  definitions.forEach((definition, index) => {
    const text = definition + (index < definitions.length - 1 ? ',' : '');
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < lineLength)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`  ${text}`);
  });
  return lines;
}

function createView(name: LakeTableName): string {
  const { columns, partitioned, files } = viewOf(name);
  const partitions = partitionColumns.map(
    (column, index) => `, r.filepath(${index + 1}) AS ${quote(column)}`,
  );
  return [
    `CREATE OR ALTER VIEW ${viewSchema}.${quote(name)} AS`,
    `SELECT r.*${partitioned ? partitions.join('') : ''}`,
    `FROM OPENROWSET(BULK '${files}', DATA_SOURCE = '${dataSource}', FORMAT = 'PARQUET') WITH (`,
    ...inLines(columns.map(([column, type]) => `${quote(column)} ${typeOf(type)}`)),
    ') AS r;',
  ].join('\n');
}

/** The repeatable file that makes the views of today's schema in Synapse serverless SQL. */
export const synapseViews = (): string =>
  [
    '-- Made from shared/lake/schema.ts by `node infra/warehouse/generate.ts`; a test holds that it is current.',
    '-- A filter on partition_year, partition_month and partition_day (text, padded) opens no other file.',
    ...lakeTables.map((name) => `${createView(name)}\nGO`),
    '',
  ].join('\n');
