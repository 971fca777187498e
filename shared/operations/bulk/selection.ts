import type { Database } from '../../database/port.ts';
import { deadLetterConditions } from '../dead-letter-filter.ts';
import {
  deadLetterId,
  deadLetterOrder,
  noDeadLetter,
  type DeadLetterRow,
  type DeadLetters,
} from '../dead-letters.ts';
import type { BulkWork, StoredRun } from './bulk-run.ts';

type Selected = Pick<StoredRun, 'filter' | 'startedAt' | 'work'>;

export interface Slice {
  readonly rows: readonly DeadLetterRow[];
  readonly after: BulkWork['after'];
}

/** The dead letters of a run, oldest first: those that were open when it began, each once. */
export function makeSelection(database: Database, deadLetters: Pick<DeadLetters, 'findAll'>) {
  const where = ({ filter, startedAt }: Selected) =>
    deadLetterConditions({
      ...filter,
      open: true,
      // What dies while it runs, of what it sends perhaps, waits for another run.
      to: [filter.to, startedAt].filter((at) => at !== undefined).sort()[0],
    });

  async function named(ids: readonly string[], from: number, limit: number): Promise<Slice> {
    const wanted = ids.slice(from, from + limit);
    return { rows: await deadLetters.findAll(wanted), after: from + wanted.length };
  }

  return {
    /** Throws `not-found` where one that is named is none. */
    async count(run: Selected): Promise<number> {
      const { ids } = run.work;
      if (ids !== null) {
        const found = new Set((await deadLetters.findAll(ids)).map(deadLetterId));
        const missing = ids.find((id) => !found.has(id));
        if (missing !== undefined) throw noDeadLetter(missing);
        return ids.length;
      }
      let total = 0;
      for await (const rows of database.stream('operations', 'dead_letters', { where: where(run) })) {
        total += rows.length;
      }
      return total;
    },

    /** The next ones, and where to go on; none are left when `after` stays. */
    async next(run: Selected, limit: number): Promise<Slice> {
      const { ids, after } = run.work;
      if (ids !== null) return named(ids, (after as number | null) ?? 0, limit);
      const orderBy = deadLetterOrder('asc');
      const rows = await database.query('operations', 'dead_letters', {
        ...{ where: where(run), orderBy, limit },
        ...(after !== null && { after: after as readonly unknown[] }),
      });
      const last = rows.at(-1);
      return { rows, after: last === undefined ? after : orderBy.map(([column]) => last[column]) };
    },
  };
}

export type Selection = ReturnType<typeof makeSelection>;
