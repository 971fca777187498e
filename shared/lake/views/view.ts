import { tableOf } from '../schema.ts';
import type { LakeTableName, LakeType } from '../schema-types.ts';

/** Year, month and day as a partition's path has them, as text: a filter on these opens no other file. */
export const partitionColumns = ['partition_year', 'partition_month', 'partition_day'] as const;

export interface View {
  readonly name: LakeTableName;
  readonly columns: readonly (readonly [name: string, type: LakeType])[];
  /** Also has the partition columns, and one file a day. */
  readonly partitioned: boolean;
  /** Where the files are, beneath the lake; each `*` is what one partition column holds. */
  readonly files: string;
}

/** What the views of every engine are made from, so that a question asked here means the same in Synapse. */
export function viewOf(name: LakeTableName): View {
  const { columns, partitionedBy } = tableOf(name);
  const partitioned = partitionedBy !== undefined;
  return {
    name,
    columns: Object.entries(columns).map(([column, { type }]) => [column, type] as const),
    partitioned,
    files: `${name}/${partitioned ? 'year=*/month=*/day=*/' : ''}${name}.parquet`,
  };
}

/** The schema that the views are in, in every engine. */
export const viewSchema = 'warehouse';
