import { randomBytes } from 'node:crypto';
import type { JsonDocuments } from '../../platform/blobs/json-documents.ts';
import type { Clock } from '../../platform/clock.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { BulkRun, StoredRun } from './bulk-run.ts';
import type { Selection } from './selection.ts';

export type BulkRequest = Pick<BulkRun, 'action' | 'dryRun' | 'filter' | 'reason' | 'actor' | 'perMinute'> & {
  readonly ids?: readonly string[] | undefined;
};

export interface BulkRunsDependencies {
  readonly runs: JsonDocuments<StoredRun>;
  readonly selection: Selection;
  readonly clock: Clock;
}

const maxListed = 20;

/** Sorts by time. */
const newId = (now: Date): string =>
  `${now.toISOString().replaceAll(/\D/g, '')}-${randomBytes(4).toString('hex')}`;

/** Work on many dead letters, kept where every process finds it. */
export function makeBulkRuns({ runs, selection, clock }: BulkRunsDependencies) {
  async function find(id: string): Promise<StoredRun> {
    const run = await runs.read(id);
    if (run === undefined)
      throw new DarkroomError('not-found', `There is no run ${id}; they are kept for 30 days.`);
    return run;
  }

  async function newest(count: number): Promise<StoredRun[]> {
    const names = (await runs.names()).sort().reverse().slice(0, count);
    const found = await Promise.all(names.map((name) => runs.read(name)));
    return found.filter((run) => run !== undefined);
  }

  return {
    find,
    list: (): Promise<StoredRun[]> => newest(maxListed),

    /** Those that somebody has to go on with. */
    async running(): Promise<StoredRun[]> {
      return (await newest(maxListed * 5)).filter(({ state }) => state === 'running');
    },

    async start({ ids, ...request }: BulkRequest): Promise<StoredRun> {
      const now = clock.now();
      const work = {
        ids: ids === undefined ? null : [...new Set(ids)],
        after: null,
        claimedUntil: 0,
        dueAt: 0,
        tries: 0,
      };
      const begun = { ...request, id: newId(now), startedAt: now.toISOString(), work };
      const run: StoredRun = {
        ...begun,
        ...{ state: 'running', endedAt: null, stopped: null, waitingFor: null },
        ...{ total: await selection.count(begun), done: 0, outcomes: {}, results: [] },
      };
      await runs.create(run.id, run);
      return run;
    },

    /** Whoever goes on with it hears of it within a second. What is over stays as it is. */
    async stop(id: string, stopped: NonNullable<BulkRun['stopped']>): Promise<StoredRun> {
      await find(id);
      const endedAt = clock.now().toISOString();
      return runs.change(id, (run) =>
        run.state === 'running' ? { ...run, state: 'stopped', stopped, endedAt } : run,
      );
    },
  };
}
