import { randomUUID } from 'node:crypto';
import type { Database, Filter } from '../database/port.ts';
import type { Clock } from '../platform/clock.ts';
import { LakeConflict, type LakeFile, type LakeStore } from './store/port.ts';
import { isOfDatabase, readExportNote, readExportRecord, writeExportNote } from './export-state.ts';
import { partitionPath, utcDay } from './partitions.ts';
import { rowConverter } from './parquet/physical.ts';
import { PartitionLoader } from './load-partition.ts';
import { tableOf } from './schema.ts';
import type { LakeTableName } from './schema-types.ts';

export interface ExportDependencies {
  readonly database: Database;
  readonly store: LakeStore;
  readonly clock: Clock;
}

export interface ExportOptions {
  /** Writes everything anew from the database, whatever the lake holds. */
  readonly rebuild?: boolean;
}

export interface TableExport {
  readonly table: LakeTableName;
  /** Rows that had changed since the last export. */
  readonly changed: number;
  /** Files that were written, and their bytes. */
  readonly written: number;
  readonly bytesWritten: number;
  /** What the table has in the lake now. */
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  readonly watermark: number;
}

type AnyRow = Readonly<Record<string, unknown>>;

/** Others that write to the same partitions are erasures and a second export: both are short. */
const maxAttempts = 8;

const actor = 'service:warehouse';

const sum = (files: Iterable<LakeFile>, what: 'rows' | 'bytes'): number =>
  [...files].reduce((total, file) => total + file[what], 0);

function changedRows(database: Database, table: LakeTableName, after: number): AsyncIterable<AnyRow[]> {
  const { key, partitionedBy } = tableOf(table);
  const order = partitionedBy === undefined ? key : [partitionedBy, ...key];
  const filter: Filter<Record<string, unknown>> = {
    where: [{ column: 'changed', operator: '>', value: after }],
    orderBy: order.map((column) => [column, 'asc'] as const),
  };
  return database.stream('warehouse', table, filter) as AsyncIterable<AnyRow[]>;
}

/**
 * One pass over the changed rows of a table, or over all of them when the lake is new, was lost or is not this database's, or
 * when a run that wrote everything anew died. The listing comes first: a file that anybody changes after it, an erasure
 * above all, makes our write of it fail, so no row that was read before an erasure is written after it. The watermark
 * moves last, so whatever stops this leaves work that the next run finds done in part, and ends.
 */
async function exportOnce(
  dependencies: ExportDependencies,
  name: LakeTableName,
  options: ExportOptions,
): Promise<TableExport> {
  const { database, store, clock } = dependencies;
  const table = tableOf(name);
  const files = new Map((await store.list(`${name}/`)).map((file) => [file.path, file]));
  const record = await readExportRecord(database, name);
  const note = await readExportNote(store, name);
  const isOurs = note !== undefined && !note.isRebuild && isOfDatabase(note, record);
  const rebuild = options.rebuild === true || files.size === 0 || !isOurs;
  const { epoch, watermark: before } = record;
  const run = randomUUID();
  const begin = () =>
    writeExportNote(store, name, { epoch, recorded: record.run, running: run, isRebuild: rebuild });
  const after = rebuild ? 0 : before;
  const emptyPath = partitionPath(name, utcDay(clock.now()));
  const loader = new PartitionLoader({ store, table, files, emptyPath, rebuild });
  const convert = rowConverter(table);
  let changed = 0;
  let watermark = before;
  let day: string | undefined;
  let path: string | undefined;
  // Before the first file is written.
  if (rebuild) await begin();
  for await (const batch of changedRows(database, name, after)) {
    if (changed === 0 && !rebuild) await begin();
    for (const row of batch) {
      const dayOfRow = row['day'] as string | undefined;
      if (path === undefined || dayOfRow !== day) [day, path] = [dayOfRow, partitionPath(name, dayOfRow)];
      const waiting = loader.push(path, convert(row));
      if (waiting !== undefined) await waiting;
      watermark = Math.max(watermark, row['changed'] as number);
    }
    changed += batch.length;
  }
  const { written, bytesWritten } = await loader.end();
  const all = [...files.values()];
  const totals = { rows: sum(all, 'rows'), files: all.length, bytes: sum(all, 'bytes') };
  const isNew = rebuild || changed > 0;
  await database.execute(
    'warehouse',
    'record_export',
    { table_name: name, watermark, ...totals, at: clock.now(), run: isNew ? run : record.run! },
    { actor },
  );
  if (isNew) await writeExportNote(store, name, { epoch, recorded: run, running: null, isRebuild: false });
  return { table: name, changed, written, bytesWritten, ...totals, watermark };
}

/** Exports what has changed in a table since the last time. Throws LakeConflict when others write without a pause. */
export async function exportTable(
  dependencies: ExportDependencies,
  name: LakeTableName,
  options: ExportOptions = {},
): Promise<TableExport> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await exportOnce(dependencies, name, options);
    } catch (error) {
      if (!(error instanceof LakeConflict) || attempt === maxAttempts) throw error;
    }
  }
}
