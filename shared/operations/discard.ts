import type { Database } from '../database/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { deadLetterId, type DeadLetterRow } from './dead-letters.ts';
import type { ReplayOptions } from './replay.ts';

export interface DiscardResult {
  readonly id: string;
  readonly outcome: 'discarded';
  readonly detail: string;
}

/** Says of a dead letter that nobody will replay it. Its record stays until its time is up, for whoever thinks again. */
export const makeDiscard =
  ({ database, clock, log }: { database: Database; clock: Clock; log: Log }) =>
  async (row: DeadLetterRow, { dryRun, actor, reason }: ReplayOptions): Promise<DiscardResult> => {
    const id = deadLetterId(row);
    if (dryRun) return { id, outcome: 'discarded', detail: 'It would be discarded.' };
    const { partition, sequence_number } = row;
    const parameters = { partition, sequence_number, reason, outcome: 'discarded', at: clock.now() };
    await database.execute('operations', 'record_replay', parameters, { actor });
    log.info('dead-letter.discarded', { id, imageId: row.image_id, actor });
    return { id, outcome: 'discarded', detail: 'It is not replayed; it expires with its time.' };
  };
