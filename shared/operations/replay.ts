import type { Database } from '../database/port.ts';
import { asDarkroomError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { slices } from '../platform/slices.ts';
import type { EventSender } from '../stream/event-sender.ts';
import { hubs, type Hub } from '../stream/hubs.ts';
import type { DeadRecord } from '../stream/record.ts';
import { deadLetterId, type DeadLetterRow, type DeadLetters } from './dead-letters.ts';
import type { PreviewReplay, ReplayPreview } from './replay-preview.ts';
import { replayedEvent, type ReplayedEventDependencies } from './replayed-event.ts';

export interface ReplayDependencies extends ReplayedEventDependencies {
  readonly database: Database;
  readonly deadLetters: DeadLetters;
  readonly preview: PreviewReplay;
  readonly events: EventSender;
  readonly log: Log;
}

export interface ReplayOptions {
  readonly dryRun: boolean;
  readonly actor: string;
  /** Why; kept with who. */
  readonly reason: string;
}

export type ReplayResult = ReplayPreview & { readonly id: string };

/** Dead letters opened at once: their values are in memory together. */
const batchSize = 20;

const replayable: readonly string[] = [hubs.stream, hubs.processing, hubs.slow, hubs.reprocessing];

/**
 * Sends dead letters to the hub they came from, or says what would become of them, one after another. It stops at an
 * outage: what was done until then is recorded, and a second try finds it a duplicate.
 */
export function makeReplay(dependencies: ReplayDependencies) {
  const { database, deadLetters, preview, events, clock, log } = dependencies;

  async function replayOne(
    row: DeadLetterRow,
    record: DeadRecord | undefined,
    { dryRun, actor, reason }: ReplayOptions,
  ): Promise<ReplayResult> {
    const id = deadLetterId(row);
    if (!replayable.includes(row.origin_hub)) {
      return { id, outcome: 'fails-again', detail: 'It is no record of a hub that we read.' };
    }
    const result = { id, ...(await preview(row, record)) };
    if (dryRun) return result;
    const { outcome } = result;
    if (outcome === 'applied' && record !== undefined) {
      await events.send(row.origin_hub as Hub, await replayedEvent(dependencies, row, record));
    }
    const { partition, sequence_number } = row;
    const parameters = { partition, sequence_number, reason, outcome, at: clock.now() };
    await database.execute('operations', 'record_replay', parameters, { actor });
    log.info('dead-letter.replayed', { id, outcome, imageId: row.image_id });
    return result;
  }

  /** What nobody foresaw about one of them keeps no other from being replayed. */
  async function replayAnyhow(
    row: DeadLetterRow,
    record: DeadRecord | undefined,
    options: ReplayOptions,
  ): Promise<ReplayResult> {
    try {
      return await replayOne(row, record, options);
    } catch (thrown) {
      const error = asDarkroomError(thrown);
      if (error.retryable) throw error;
      const id = deadLetterId(row);
      log.error('dead-letter.not-replayed', error, { id, imageId: row.image_id });
      return { id, outcome: 'fails-again', detail: `${error.code}: ${error.message}` };
    }
  }

  return async (rows: readonly DeadLetterRow[], options: ReplayOptions): Promise<ReplayResult[]> => {
    const results: ReplayResult[] = [];
    for (const batch of slices(rows, batchSize)) {
      const opened = await deadLetters.open(batch);
      for (const row of batch) {
        results.push(await replayAnyhow(row, opened.get(deadLetterId(row)), options));
      }
    }
    return results;
  };
}
