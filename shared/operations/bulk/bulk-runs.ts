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

  const readAll = async (names: readonly string[]): Promise<StoredRun[]> =>
    (await Promise.all(names.map((name) => runs.read(name)))).filter((run) => run !== undefined);

  /** What is over stays over: it is read once, however often somebody asks what is running. */
  const over = new Set<string>();

  return {
    find,
    async list(): Promise<StoredRun[]> {
      return readAll((await runs.names()).sort().reverse().slice(0, maxListed));
    },

    /** Those that somebody has to go on with, however old. */
    async running(): Promise<StoredRun[]> {
      const found = await readAll((await runs.names()).filter((name) => !over.has(name)));
      for (const { id, state } of found) if (state !== 'running') over.add(id);
      return found.filter(({ state }) => state === 'running');
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
