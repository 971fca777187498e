import type { Clock } from '../platform/clock.ts';
import type { Database } from '../database/port.ts';
import type { EventSender } from '../stream/event-sender.ts';
import { hubs, type Hub } from '../stream/hubs.ts';
import type { Log } from '../platform/log.ts';
import type { DeadRecord } from '../stream/record.ts';
import { imageReceivedEvent } from '../images/store/image-received-event.ts';
import { ownerOf } from '../images/receive/owner.ts';
import type { OutgoingEvent } from '../stream/record.ts';
import type { StorageReader, StorageWriter } from '../images/store/ports.ts';
import { imageOf, type PreviewReplay, type ReplayPreview } from './replay-preview.ts';
import { deadLetterId, type DeadLetterRow, type DeadLetters } from './dead-letters.ts';

export interface ReplayDependencies {
  readonly database: Database;
  readonly deadLetters: DeadLetters;
  readonly preview: PreviewReplay;
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

export type ReplayResult = ReplayPreview & { readonly id: string };

/** Letters opened at once: their values are in memory together. */
const batchSize = 20;

const replayable: readonly string[] = [hubs.stream, hubs.processing, hubs.reprocessing];

/**
 * Sends dead letters to the hub they came from, or says what would become of them, one after another. It stops at an
 * outage: what was done until then is recorded, and a second try finds it a duplicate.
 */
export function makeReplay(parts: ReplayDependencies) {
  const {
    database,
    deadLetters: letters,
    preview: judge,
    events,
    storage,
    reader,
    clock,
    log,
    maxBytes,
  } = parts;

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

  async function eventOf(row: DeadLetterRow, record: DeadRecord): Promise<OutgoingEvent> {
    const { imageId, message } = imageOf(row, record);
    if (message?.form === 'bare' && row.image_id !== null) return bareEvent(imageId, record);
    return record;
  }

  async function replayOne(
    row: DeadLetterRow,
    record: DeadRecord | undefined,
    { dryRun, actor, reason }: ReplayOptions,
  ): Promise<ReplayResult> {
    const id = deadLetterId(row);
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

  return async (rows: readonly DeadLetterRow[], options: ReplayOptions): Promise<ReplayResult[]> => {
    const results: ReplayResult[] = [];
    for (let from = 0; from < rows.length; from += batchSize) {
      const batch = rows.slice(from, from + batchSize);
      const opened = await letters.open(batch);
      for (const row of batch) results.push(await replayOne(row, opened.get(deadLetterId(row)), options));
    }
    return results;
  };
}
