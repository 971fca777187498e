import type { ViewName } from '../database/catalog/index.ts';

/** `text(n)` holds n characters, `text_ascii(n)` n of ASCII; `decimal(p,s)` is exact; `instant` is UTC to the millisecond. */
export type LakeType =
  | 'int'
  | 'bigint'
  | 'boolean'
  | 'date'
  | 'instant'
  | `text(${number})`
  | `text_ascii(${number})`
  | `decimal(${number},${number})`;

/**
 * What a value may tell about a person. `business`: nothing. `pseudonym`: a random key that only the orders database
 * can lead back to a member. `image`: about one image, leaves the lake with it. `technical`: of the export itself.
 * There is no class for personal data: the lake has none.
 */
export type Classification = 'business' | 'pseudonym' | 'image' | 'technical';

export interface LakeColumn {
  readonly type: LakeType;
  readonly nullable?: true;
  readonly is: Classification;
  readonly about: string;
}

export type LakeTableName = Exclude<
  ViewName<'warehouse'>,
  `totals_${string}` | 'exports' | 'horizon' | 'epochs'
>;

export interface LakeTable {
  /** What one row is. */
  readonly grain: string;
  /** One file a day of this column; without it the table is one file. */
  readonly partitionedBy?: 'day';
  readonly key: readonly string[];
  /** In the order of the files. A column may be added at the end (see schemaVersion); none is ever taken away. */
  readonly columns: Readonly<Record<string, LakeColumn>>;
}
