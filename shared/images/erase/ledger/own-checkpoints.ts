import type { Database } from '../../../database/port.ts';
import { openCheckpoint } from './checkpoint-note.ts';
import type { TreeHead } from './merkle.ts';
import type { NoteVerifier } from './signed-note.ts';

export interface OwnCheckpoint extends TreeHead {
  readonly note: string;
  readonly at: Date;
}

const role = 'storage_writer';

const opened = (row: { note: string; published_at: Date }, verifier: NoteVerifier): OwnCheckpoint => ({
  ...{ note: row.note, at: row.published_at },
  ...openCheckpoint(row.note, verifier),
});

/** The newest checkpoint of this log on record, below `below`. */
export async function newestCheckpoint(
  database: Database,
  verifier: NoteVerifier,
  below = Infinity,
): Promise<OwnCheckpoint | undefined> {
  const [row] = await database.query(role, 'ledger_checkpoints', {
    where: [
      { column: 'log', operator: '=', value: verifier.name },
      ...(below === Infinity ? [] : [{ column: 'size', operator: '<', value: below } as const]),
    ],
    orderBy: [['size', 'desc']],
    limit: 1,
  });
  return row && opened(row, verifier);
}

/** Those on record since `since`, the smallest first. */
export async function* checkpointsSince(
  database: Database,
  verifier: NoteVerifier,
  since: Date,
): AsyncIterable<OwnCheckpoint> {
  const rows = database.stream(role, 'ledger_checkpoints', {
    where: [
      { column: 'log', operator: '=', value: verifier.name },
      { column: 'published_at', operator: '>=', value: since },
    ],
    orderBy: [['size', 'asc']],
  });
  for await (const batch of rows) for (const row of batch) yield opened(row, verifier);
}
