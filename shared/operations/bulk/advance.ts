import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonDocuments } from '../../platform/blobs/json-documents.ts';
import type { Clock } from '../../platform/clock.ts';
import { asDarkroomError, DarkroomError } from '../../platform/errors.ts';
import type { DeadLetterRow } from '../dead-letters.ts';
import { deadLetterId } from '../dead-letters.ts';
import { maxResults, type BulkResult, type BulkWork, type StoredRun } from './bulk-run.ts';
import type { Selection } from './selection.ts';

export interface AdvanceDependencies {
  readonly runs: JsonDocuments<StoredRun>;
  readonly selection: Selection;
  /** What the run does with one of them. */
  readonly act: (run: StoredRun, row: DeadLetterRow) => Promise<BulkResult>;
  readonly clock: Clock;
}

/** Handled together, where no rate is set. */
const sliceSize = 8;
/** A process that has not said for so long that it goes on with a run has died. Milliseconds. */
const claimMs = 180_000;
/** A run hears so soon that it was stopped. Milliseconds. */
const listenMs = 1_000;
/** So often the next ones may meet an outage before they are left as they are. */
const maxTries = 5;

type Tried =
  { readonly result: BulkResult } | { readonly row: DeadLetterRow; readonly outage: DarkroomError };

const withWork = (run: StoredRun, work: Partial<BulkWork>): StoredRun => ({
  ...run,
  work: { ...run.work, claimedUntil: Date.now() + claimMs, ...work },
});

/** A run is kept for longer than an image lives, and the digest of its bytes is one of its traces. */
const withoutDigests = (result: BulkResult): BulkResult => ({
  ...result,
  detail: result.detail.replaceAll(/\b[0-9a-f]{64}\b/g, '…'),
});

/** The run after these results. */
function tallied(run: StoredRun, results: readonly BulkResult[]): StoredRun {
  const outcomes = { ...run.outcomes };
  for (const { outcome } of results) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    ...run,
    outcomes,
    done: run.done + results.length,
    results: [...run.results, ...results.map(withoutDigests)].slice(0, maxResults),
  };
}

const taken = (): DarkroomError =>
  new DarkroomError('wrong-state', 'It is over, or another process goes on with it.');

const isTaken = (error: unknown): boolean => asDarkroomError(error).code === 'wrong-state';

/** Goes on with runs. Whoever goes on with one claims it, so that no two do. */
export function makeAdvance({ runs, selection, act, clock }: AdvanceDependencies) {
  async function tryOne(run: StoredRun, row: DeadLetterRow, isAgain = false): Promise<Tried> {
    try {
      return { result: await act(run, row) };
    } catch (thrown) {
      const outage = asDarkroomError(thrown);
      return outage.retryable && !isAgain ? tryOne(run, row, true) : { row, outage };
    }
  }

  const leave = (row: DeadLetterRow, { message }: DarkroomError): BulkResult => ({
    ...{ id: deadLetterId(row), outcome: 'not-done', detail: message },
  });

  /** Undefined when another process has it, or it is over. */
  async function claim(id: string): Promise<StoredRun | undefined> {
    try {
      return await runs.change(id, (run) => {
        const isFree = run.state === 'running' && run.work.claimedUntil < Date.now();
        if (!isFree) throw taken();
        return withWork(run, {});
      });
    } catch (error) {
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  const release = (id: string, more: Partial<StoredRun> = {}, work: Partial<BulkWork> = {}) =>
    runs.change(id, (run) => withWork({ ...run, ...more }, { ...work, claimedUntil: 0 }));

  const finish = (id: string) =>
    runs.change(id, (run) =>
      run.state === 'running'
        ? { ...run, state: 'done', waitingFor: null, endedAt: clock.now().toISOString() }
        : run,
    );

  /** One slice; the run behind it, still claimed unless it met an outage. */
  async function step(run: StoredRun): Promise<StoredRun> {
    const { id, perMinute } = run;
    const { rows, after } = await selection.next(run, perMinute === null ? sliceSize : 1);
    if (rows.length === 0 && after === run.work.after) return finish(id);
    const tried = await Promise.all(rows.map((row) => tryOne(run, row)));
    const outages = tried.filter((one) => 'outage' in one);
    const isOutage = rows.length > 0 && outages.length === rows.length;
    if (isOutage && run.work.tries + 1 < maxTries) {
      const waitingFor = outages[0]!.outage.message;
      return release(id, { waitingFor }, { tries: run.work.tries + 1 });
    }
    const results = tried.map((one) => ('result' in one ? one.result : leave(one.row, one.outage)));
    const dueAt = perMinute === null ? 0 : Math.max(run.work.dueAt, Date.now()) + 60_000 / perMinute;
    return runs.change(id, (now) => {
      // A slice that took longer than its claim may have been done by another process, which counted it.
      if (JSON.stringify(now.work.after) !== JSON.stringify(run.work.after)) throw taken();
      return withWork(tallied({ ...now, waitingFor: null }, results), { after, dueAt, tries: 0 });
    });
  }

  /** Waits for the rate, with an ear for a stop. */
  async function waitUntilDue(run: StoredRun): Promise<StoredRun> {
    await sleep(Math.min(run.work.dueAt - Date.now(), listenMs));
    return runs.change(run.id, (now) => withWork(now, {}));
  }

  const isClaimed = ({ state, work }: StoredRun): boolean => state === 'running' && work.claimedUntil > 0;

  /** Goes on with a run until it is over, or until then (milliseconds of the machine's time). */
  return async (id: string, until: number): Promise<StoredRun | undefined> => {
    let run = await claim(id);
    if (run === undefined) return runs.read(id);
    try {
      while (isClaimed(run)) {
        if (Math.max(run.work.dueAt, Date.now()) >= until) return await release(id);
        run = run.work.dueAt > Date.now() ? await waitUntilDue(run) : await step(run);
      }
      return run;
    } catch (thrown) {
      const error = asDarkroomError(thrown);
      if (isTaken(error)) return runs.read(id);
      if (error.retryable) return release(id, { waitingFor: error.message });
      throw error;
    }
  };
}
