import type { Database } from '../database/port.ts';
import { minute, type Clock } from '../platform/clock.ts';
import { hubs } from '../stream/hubs.ts';
import { counts } from './hold-limit.ts';
import type { ReaderView, Readers } from './readers.ts';

export interface HoldReadersDependencies {
  readonly database: Database;
  readonly readers: Pick<Readers, 'list' | 'hold'>;
  readonly clock: Clock;
}

interface Indexed {
  readonly origin_hub: string;
  readonly code: string;
}

/** A bad release then does not turn a backlog into dead letters: what it has not met yet waits. */
export function makeHoldReaders({ database, readers, clock }: HoldReadersDependencies) {
  /** Dead letters of before a resume were seen by who resumed. */
  async function isOver({ hub, limit, resumedAt }: ReaderView, code: string): Promise<boolean> {
    if (limit === undefined || !counts(limit, code)) return false;
    const begin = clock.now().getTime() - limit.minutes * minute;
    const since = new Date(Math.max(begin, resumedAt?.getTime() ?? 0));
    const found = await database.query('operations', 'dead_letters', {
      where: [
        { column: 'origin_hub', operator: '=', value: hub },
        { column: 'code', operator: '=', value: code },
        { column: 'dead_at', operator: '>', value: since },
      ],
      limit: limit.deadLetters + 1,
    });
    return found.length > limit.deadLetters;
  }

  /** Pauses the readers whose dead letters of one code are more than their limit; to be called with what was indexed. */
  return async (indexed: readonly Indexed[]): Promise<void> => {
    const all = await readers.list();
    for (const reader of all) {
      if (reader.pause !== null || reader.hub === hubs.deadLetter) continue;
      const codes = new Set(indexed.filter((row) => row.origin_hub === reader.hub).map(({ code }) => code));
      for (const code of codes) {
        if (!(await isOver(reader, code))) continue;
        const { deadLetters, minutes } = reader.limit!;
        const reason = `More than ${deadLetters} dead letters with the code ${code} within ${minutes} minutes.`;
        await readers.hold(reader.hub, { dryRun: false, actor: 'service:operations', reason });
        break;
      }
    }
  };
}
