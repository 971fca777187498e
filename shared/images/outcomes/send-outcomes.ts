import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Database } from '../../database/port.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs } from '../../stream/hubs.ts';
import type { StorageWriter } from '../store/ports.ts';
import { outcomeEvent, type OutcomeRow } from './outcome-event.ts';

export interface SendOutcomesOptions {
  readonly database: Database;
  readonly events: EventSender;
  /** This instance: it goes on at once where a process of its own ended. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SendOutcomes {
  /** Sends everything that waits, unless another instance is at it. Throws `unavailable` when a hub or the database is away. */
  send(): Promise<void>;
  /** The same soon and for nobody to wait on: what cannot be sent now, the next call or the timer sends. */
  wake(): void;
  /** When nothing is being sent. */
  idle(): Promise<void>;
}

/** Images that are through at the same time share a call. Milliseconds. */
const collectMs = 100;

/**
 * Sends what the database noted for senders of images, in the order in which it came about: the rows were written with what
 * they tell of, and go when the hub has them. So none is lost, whatever stops; some are sent again. Only of an image that was
 * erased a day ago nothing is told any more.
 */
export function makeSendOutcomes({
  database,
  events,
  holder,
  clock,
  log,
}: SendOutcomesOptions): SendOutcomes {
  const turn = pLimit(1);

  const take = (sent: readonly number[]): Promise<OutcomeRow[]> =>
    database.execute(
      'storage_writer',
      'take_outcomes',
      { holder, sent, at: clock.now() },
      { actor: 'service:outcomes' },
    );

  /** Of one image, one after another: what follows one that is not in the hub waits for it. */
  async function sendImage(rows: readonly OutcomeRow[], sent: number[]): Promise<void> {
    for (const row of rows) {
      await events.send(hubs.outcomes, outcomeEvent(row));
      sent.push(row.sequence);
    }
  }

  async function sendAll(): Promise<void> {
    for (let rows = await take([]); rows.length > 0;) {
      const sent: number[] = [];
      const images = Map.groupBy(rows, (row) => row.image_id);
      const results = await Promise.allSettled([...images.values()].map((of) => sendImage(of, sent)));
      rows = await take(sent);
      const failed = results.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason as Error;
    }
  }

  return {
    send: () => turn(sendAll),
    wake() {
      if (turn.pendingCount > 0) return;
      const soon = turn(async () => {
        await sleep(collectMs, undefined, { ref: false });
        await sendAll();
      });
      soon.catch((error: unknown) => log.error('outcomes.not-sent', error));
    },
    idle: () => turn(() => undefined),
  };
}

/** The storage writer of what sends outcomes: each change that may be one wakes it. */
export const wakingWriter = (storage: StorageWriter, wake: () => void): StorageWriter => ({
  ...storage,
  async recordRejected(origin, failure, seen) {
    const outcome = await storage.recordRejected(origin, failure, seen);
    if (outcome === 'created' && origin.source === 'kafka') wake();
    return outcome;
  },
  async recordFailed(origin, failure) {
    const outcome = await storage.recordFailed(origin, failure);
    if (outcome === 'created' && origin.source === 'kafka') wake();
    return outcome;
  },
  async saveVariants(imageId, variants, facts) {
    const outcome = await storage.saveVariants(imageId, variants, facts);
    if (outcome === 'saved') wake();
    return outcome;
  },
});
