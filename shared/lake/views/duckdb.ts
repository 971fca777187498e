import { lakeTables } from '../schema.ts';
import type { LakeTableName, LakeType } from '../schema-types.ts';
import { partitionColumns, viewOf, viewSchema } from './view.ts';

const typeOf = (type: LakeType): string => {
  if (type.startsWith('text')) return 'VARCHAR';
  return type === 'instant' ? 'TIMESTAMPTZ' : type.toUpperCase();
};

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const folders = { partition_year: 'year', partition_month: 'month', partition_day: 'day' } as const;

function createView(name: LakeTableName, directory: string): string {
  const { columns, partitioned, files } = viewOf(name);
  const selected = [
    ...columns.map(([column, type]) => `CAST(${column} AS ${typeOf(type)}) AS ${column}`),
    ...(partitioned
      ? partitionColumns.map(
          (column) => `regexp_extract(filename, '/${folders[column]}=(\\d+)/', 1) AS ${column}`,
        )
      : []),
  ];
  return [
    `CREATE OR REPLACE VIEW ${viewSchema}.${name} AS`,
    `SELECT ${selected.join(',\n       ')}`,
    `FROM read_parquet(${literal(`${directory}/${files}`)}, hive_partitioning = false, union_by_name = true, filename = true);`,
  ].join('\n');
}

/** The views for DuckDB over a copy of the lake in a directory. */
export const duckDbViews = (directory: string, tables: readonly LakeTableName[] = lakeTables): string =>
  [
    `CREATE SCHEMA IF NOT EXISTS ${viewSchema};`,
    `SET search_path = '${viewSchema}';`,
    `SET TimeZone = 'UTC';`,
    ...tables.map((name) => createView(name, directory)),
  ].join('\n');
