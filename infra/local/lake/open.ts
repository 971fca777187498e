import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance, StatementType, type DuckDBConnection, type Json } from '@duckdb/node-api';
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

export const defaultMemory = '1GB';

/** Nothing is fetched, installed or spilled to disk. */
const settings = (memory: string) => ({
  ...{ memory_limit: memory, temp_directory: '' },
  ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
});

/** From now on no file but those of the directory can be read, and no setting changed. */
const locked = (directory: string): string =>
  `SET allowed_directories = ['${directory.replaceAll("'", "''")}/'];
   SET enable_external_access = false; SET lock_configuration = true;`;

const onlyRead = 'The lake can only be read here: ask with SELECT, DESCRIBE or SUMMARIZE.';

/** What a question begins with, behind comments, which DuckDB takes nested: none is here. EXPORT DATABASE makes its directory when it is prepared, so before that. */
const isQuestion = (sql: string): boolean =>
  /^(\s|--[^\n]*\n|\/\*((?!\/\*).)*?\*\/|\()*(select|with|from|values|describe|summarize|show)\b/is.test(sql);

async function readOnly(connection: DuckDBConnection, sql: string): Promise<Answer> {
  if (!isQuestion(sql)) throw new Error(onlyRead);
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Error('Ask one question at a time.');
  const statement = await statements.prepare(0);
  if (statement.statementType !== StatementType.SELECT) throw new Error(onlyRead);
  const reader = await statement.runAndReadAll();
  return {
    columns: reader.deduplicatedColumnNames(),
    types: reader.columnTypes().map(String),
    rows: reader.getRowsJson(),
  };
}

/** The lake's tables over Parquet files that can be read and nothing else. `memory` as DuckDB takes it: `500MB`, `2GB`. */
export async function openLakeDirectory(
  given: string,
  tables: readonly LakeTableName[] = lakeTables,
  memory = defaultMemory,
): Promise<LocalLake> {
  const directory = resolve(given);
  const instance = await DuckDBInstance.create(':memory:', settings(memory));
  const connection = await instance.connect();
  await connection.run(duckDbViews(directory, tables));
  await connection.run(locked(directory));
  return {
    directory,
    ask: (sql) => readOnly(connection, sql),
    close() {
      connection.closeSync();
      instance.closeSync();
      return Promise.resolve();
    },
  };
}

/** Removes the directory when somebody stops this process, as with Ctrl+C. Answers what ends that. */
function removeWhenStopped(directory: string): () => void {
  const stop = (signal: NodeJS.Signals) => {
    rmSync(directory, { recursive: true, force: true });
    isOver();
    // An exit would wait for the question that runs.
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const isOver = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  return isOver;
}

/** A copy of the lake as it is now, which goes when it is closed: nothing of it outlives its time here. */
export async function openLakeCopy(
  store: LakeStore,
  tables: readonly LakeTableName[] = lakeTables,
  memory = defaultMemory,
): Promise<LocalLake> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-lake-'));
  const isOver = removeWhenStopped(directory);
  const remove = async () => {
    await rm(directory, { recursive: true, force: true });
    isOver();
  };
  try {
    await copyLake(store, directory, tables);
    const lake = await openLakeDirectory(directory, tables, memory);
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
