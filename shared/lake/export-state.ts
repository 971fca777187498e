import { z } from 'zod';
import type { Database } from '../database/port.ts';
import { exportNote } from './partitions.ts';
import type { LakeTableName } from './schema-types.ts';
import type { LakeStore } from './store/port.ts';

const noteSchema = z.object({
  /** Of the database that wrote the files; null before its first restore. */
  epoch: z.string().nullable(),
  /** The last export that the database is known to have recorded, and the one that came after it. */
  recorded: z.string().nullable(),
  running: z.string().nullable(),
  /** Until the end of an export that writes everything anew: its watermark tells of files that are gone. */
  isRebuild: z.boolean(),
});

/** What the lake knows of the exports of a table. */
export type ExportNote = z.infer<typeof noteSchema>;

/** What the database knows of them. */
export interface ExportRecord {
  readonly epoch: string | null;
  readonly run: string | null;
  readonly watermark: number;
}

/** Undefined for a lake that is new, and for one whose exports left none yet. */
export async function readExportNote(
  store: LakeStore,
  table: LakeTableName,
): Promise<ExportNote | undefined> {
  const text = await store.readNote(exportNote(table));
  return text === undefined ? undefined : noteSchema.parse(JSON.parse(text));
}

export const writeExportNote = (store: LakeStore, table: LakeTableName, note: ExportNote): Promise<void> =>
  store.writeNote(exportNote(table), JSON.stringify(note));

export async function readExportRecord(database: Database, table: LakeTableName): Promise<ExportRecord> {
  const [epoch] = await database.query('warehouse', 'epochs', { orderBy: [['sequence', 'desc']], limit: 1 });
  const [row] = await database.query('warehouse', 'exports', {
    where: [{ column: 'table_name', operator: '=', value: table }],
  });
  return { epoch: epoch?.epoch ?? null, run: row?.run ?? null, watermark: row?.watermark ?? 0 };
}

/**
 * Whether the files are those that this database wrote, as far as it knows. One that was restored does not know the export that
 * the lake had last, or is in another epoch: the lake has rows that it lost, and others under their ids.
 */
export const isOfDatabase = (note: ExportNote, { epoch, run }: ExportRecord): boolean =>
  note.epoch === epoch && (note.recorded === run || note.running === run);
