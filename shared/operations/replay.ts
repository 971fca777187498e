import type { Clock } from '../clock.ts';
import type { Database } from '../database/port.ts';
import type { EventSender } from '../events.ts';
import { hubs, type Hub } from '../hubs.ts';
import type { Log } from '../log.ts';
import type { DeadRecord } from '../messages/dead-letter.ts';
import { imageReceivedEvent } from '../messages/image-event.ts';
import { ownerOf } from '../messages/owner.ts';
import type { OutgoingEvent } from '../messages/record.ts';
import type { StorageReader, StorageWriter } from '../storage/ports.ts';
import { imageOf, type Judge, type Verdict } from './judge.ts';
import { letterId, type LetterRow, type Letters } from './letters.ts';

export interface ReplayParts {
  readonly database: Database;
  readonly letters: Letters;
  readonly judge: Judge;
  readonly events: EventSender;
  readonly storage: Pick<StorageWriter, 'storeRaw' | 'rawOrigin'>;
  readonly reader: Pick<StorageReader, 'find'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxBytes: number;
}

export interface ReplayOptions {
  readonly dryRun: boolean;
  readonly actor: string;
  /** Why; kept with who. */
  readonly reason: string;
}

export type ReplayResult = Verdict & { readonly id: string };

/** Letters opened at once: their values are in memory together. */
const batchSize = 20;

const replayable: readonly string[] = [hubs.stream, hubs.processing, hubs.reprocessing];

/**
 * Sends dead letters to the hub they came from, or says what would become of them, one after another. It stops at an
 * outage: what was done until then is recorded, and a second try finds it a duplicate.
 */
export function makeReplay(parts: ReplayParts) {
  const { database, letters, judge, events, storage, reader, clock, log, maxBytes } = parts;

  /**
   * A bare record is named after its place in the hub, and would be another image at another place. So its bytes are
   * stored under the id it has, and announced: the same image, which has failed, gets its end.
   */
  async function bareEvent(imageId: string, record: DeadRecord): Promise<OutgoingEvent> {
    const known = await reader.find(imageId);
    const owner = known?.owner ?? ownerOf(record.key, undefined);
    const correlationId = known?.correlationId ?? imageId;
    const origin = { imageId, owner, correlationId, source: 'kafka' as const };
    const uploadedAt = known?.uploadedAt ?? clock.now();
    if ((await storage.rawOrigin(imageId)) === undefined) {
      await storage.storeRaw({ ...origin, uploadedAt }, 'application/octet-stream', record.value, {
        maxBytes,
      });
    }
    return imageReceivedEvent({ ...origin, at: clock.now() });
  }

  async function eventOf(row: LetterRow, record: DeadRecord): Promise<OutgoingEvent> {
    const { imageId, message } = imageOf(row, record);
    if (message?.form === 'bare' && row.image_id !== null) return bareEvent(imageId, record);
    return record;
  }

  async function replayOne(
    row: LetterRow,
    record: DeadRecord | undefined,
    { dryRun, actor, reason }: ReplayOptions,
  ): Promise<ReplayResult> {
    const id = letterId(row);
    if (!replayable.includes(row.origin_hub)) {
      return { id, outcome: 'fails-again', detail: 'It is no record of a hub that we read.' };
    }
    const verdict = await judge(row, record);
    if (dryRun) return { id, ...verdict };
    if (verdict.outcome === 'applied' && record !== undefined) {
      await events.send(row.origin_hub as Hub, await eventOf(row, record));
    }
    await database.execute(
      'operations',
      'record_replay',
      {
        partition: row.partition,
        sequence_number: row.sequence_number,
        ...{ reason, outcome: verdict.outcome, at: clock.now() },
      },
      { actor },
    );
    log.info('dead-letter.replayed', { id, outcome: verdict.outcome, imageId: row.image_id });
    return { id, ...verdict };
  }

  return async (rows: readonly LetterRow[], options: ReplayOptions): Promise<ReplayResult[]> => {
    const results: ReplayResult[] = [];
    for (let from = 0; from < rows.length; from += batchSize) {
      const batch = rows.slice(from, from + batchSize);
      const opened = await letters.open(batch);
      for (const row of batch) results.push(await replayOne(row, opened.get(letterId(row)), options));
    }
    return results;
  };
}
