import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api';
import type { LakeStore } from '../../../shared/lake/store/port.ts';
import { lakeTables } from '../../../shared/lake/schema.ts';
import type { LakeTableName } from '../../../shared/lake/schema-types.ts';
import { duckDbViews } from '../../../shared/lake/views/duckdb.ts';
import { copyLake } from './copy.ts';

export interface Answer {
  readonly columns: readonly string[];
  /** DuckDB's type of each column. */
  readonly types: readonly string[];
  /** Values as JSON has them; decimals and 64-bit numbers as text, exact. */
  readonly rows: readonly (readonly Json[])[];
}

/** The lake's tables as views in DuckDB. */
export interface LocalLake {
  /** Where the Parquet files are. */
  readonly directory: string;
  ask(sql: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function openLakeDirectory(
  directory: string,
  tables: readonly LakeTableName[] = lakeTables,
): Promise<LocalLake> {
  const instance = await DuckDBInstance.create();
  const connection: DuckDBConnection = await instance.connect();
  await connection.run(duckDbViews(directory, tables));
  return {
    directory,
    async ask(sql) {
      const reader = await connection.runAndReadAll(sql);
      return {
        columns: reader.deduplicatedColumnNames(),
        types: reader.columnTypes().map(String),
        rows: reader.getRowsJson(),
      };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      return Promise.resolve();
    },
  };
}

/** A copy of the lake as it is now, which goes when it is closed: nothing of it outlives its time here. */
export async function openLakeCopy(
  store: LakeStore,
  tables: readonly LakeTableName[] = lakeTables,
): Promise<LocalLake> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-lake-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await copyLake(store, directory, tables);
    const lake = await openLakeDirectory(directory, tables);
    return {
      ...lake,
      async close() {
        await lake.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
