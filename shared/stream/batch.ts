import { DarkroomError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { IncomingRecord } from './record.ts';
import type { SendToDeadLetters } from './send-to-dead-letters.ts';
import { StageFailure, type Stage } from './stage-failure.ts';

/** Runs the work when it is the record's turn. */
export type TakeTurn = <R>(record: IncomingRecord, work: () => Promise<R>) => Promise<R>;

export interface BatchOptions {
  readonly handle: (record: IncomingRecord) => Promise<void>;
  readonly sendToDeadLetters: SendToDeadLetters;
  /** When a record's work begins, over all batches that share it. */
  readonly turn: TakeTurn;
  /** Whether a record goes on at once by the budget's `handBack`, and does not wait for its turn. */
  readonly isPassedOn?: (record: IncomingRecord) => boolean;
  /** Whether what records need can be written at this moment: then a record that still cannot be is at fault itself. */
  readonly canWrite: () => Promise<boolean>;
  /** Where an error falls that names no stage itself. */
  readonly stage: Stage;
  readonly log: Log;
  /** Without one, an invocation takes every record into work. */
  readonly budget?: Budget | undefined;
}

/** What of a batch could not be begun in time goes to its hub again, where it waits as if it had not been read. */
export interface Budget {
  /** From the beginning of an invocation on. */
  readonly ms: number;
  readonly handBack: (record: IncomingRecord) => Promise<void>;
}

/** An error that nobody foresaw may be a passing one, or a bug: after so many tries it is the record's last. */
const maxUnexpectedAttempts = 5;

/** About ten minutes of tries: from then on an outage must show in something else than the one record. */
const maxOutageAttempts = 20;

/** Batches that another host took over are never finished here; what is remembered of them is bounded. */
const maxRemembered = 10_000;

export const nameOf = ({ hub, partition, offset, enqueuedAt }: IncomingRecord): string =>
  `${hub}/${partition}/${offset}/${enqueuedAt.getTime()}`;

/**
 * Runs the records of a batch, each on its own. One that cannot succeed becomes a dead letter. One that may succeed later makes
 * the batch throw when all others are through, so that the trigger's retry policy runs it again before the checkpoint
 * moves; an outage is tried until it ends, and ends for a record when it is the only one that has it. What is settled is remembered between the tries of a batch: a retry
 * handles what is open and makes no dead letter twice.
 */
export function makeBatch(options: BatchOptions) {
  const { handle, sendToDeadLetters, turn, isPassedOn, canWrite, stage, log, budget } = options;
  const attempts = new Map<string, number>();
  const settled = new Set<string>();

  async function settle(record: IncomingRecord, tries: number): Promise<void> {
    try {
      await handle(record);
    } catch (thrown) {
      const failure = thrown instanceof StageFailure ? thrown : new StageFailure(stage, undefined, thrown);
      const { cause: error, origin, marksImage, once } = failure;
      const isLastResort = tries >= maxOutageAttempts && (await canWrite());
      if (
        !isLastResort &&
        (error.retryable || (error.code === 'internal' && tries < maxUnexpectedAttempts))
      ) {
        throw failure;
      }
      const failed = { record, stage: failure.stage, error, attempts: tries };
      await sendToDeadLetters({ ...failed, origin, marksImage, once, isLastResort });
    }
  }

  async function run(record: IncomingRecord, retries: number): Promise<unknown> {
    const name = nameOf(record);
    if (settled.has(name)) return undefined;
    if (attempts.size > maxRemembered) attempts.clear();
    if (settled.size > maxRemembered) settled.clear();
    const tries = Math.max((attempts.get(name) ?? 0) + 1, retries + 1);
    attempts.set(name, tries);
    try {
      await settle(record, tries);
      settled.add(name);
      return undefined;
    } catch (error) {
      const { hub, partition, offset } = record;
      log.error('record.postponed', error, { hub, partition, offset, attempts: tries });
      return error;
    }
  }

  async function handBack(record: IncomingRecord): Promise<unknown> {
    const { hub, partition, offset } = record;
    try {
      await budget?.handBack(record);
      // Its copy waits: another try of this batch does not take it up as well.
      settled.add(nameOf(record));
      log.info('record.handed-back', { hub, partition, offset });
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Begins the record when its turn comes, or hands it back when the invocation's time is up before that. */
  async function begin(
    record: IncomingRecord,
    retries: number,
    timeIsUp: Promise<unknown>,
    isOver: boolean,
  ): Promise<unknown> {
    if (isOver || isPassedOn?.(record)) return settled.has(nameOf(record)) ? undefined : handBack(record);
    let state: 'waiting' | 'begun' | 'late' = 'waiting';
    const work = turn(record, async () => {
      if (state === 'late') return undefined;
      state = 'begun';
      return run(record, retries);
    });
    const late = timeIsUp.then(() => {
      if (state !== 'waiting' || settled.has(nameOf(record))) return work;
      state = 'late';
      return handBack(record);
    });
    return Promise.race([work, late]);
  }

  /** `endsAt`: when the invocation's time is up, by Date.now(); from now on its whole budget when left out. */
  return async (
    records: readonly IncomingRecord[],
    retries = 0,
    endsAt = budget && Date.now() + budget.ms,
  ): Promise<void> => {
    const { promise: timeIsUp, resolve } = Promise.withResolvers<unknown>();
    const leftMs = endsAt === undefined ? Infinity : endsAt - Date.now();
    const timer = endsAt === undefined ? undefined : setTimeout(resolve, Math.max(0, leftMs), undefined);
    const results = await Promise.all(records.map((record) => begin(record, retries, timeIsUp, leftMs <= 0)));
    clearTimeout(timer);
    const open = results.filter((error) => error !== undefined);
    if (open.length > 0) {
      throw new DarkroomError(
        'unavailable',
        `${open.length} of ${records.length} records are to be tried again.`,
        {
          cause: open[0],
        },
      );
    }
    for (const name of records.map(nameOf)) {
      settled.delete(name);
      attempts.delete(name);
    }
  };
}
