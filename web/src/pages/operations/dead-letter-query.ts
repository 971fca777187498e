import type { BulkFilter, DeadLetterCount, paths } from '../../../../client/api-types.ts';
import { addDays } from '../../ui/format.ts';

/** Which dead letters are shown, as the page's address has it. `day` is of UTC. */
export interface DeadLetterQuery {
  readonly show: 'open' | 'all';
  readonly code?: string;
  readonly stage?: string;
  readonly hub?: string;
  readonly day?: string;
}

export const choices = ['code', 'stage', 'hub', 'day'] as const;
export type Choice = (typeof choices)[number];

type ApiQuery = NonNullable<paths['/operations/dead-letters']['get']['parameters']['query']>;

export function queryIn(address: Readonly<Record<string, string>>): DeadLetterQuery {
  const given = choices.flatMap((name) => {
    const value = address[name] ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  return { show: address['show'] === 'open' ? 'open' : 'all', ...Object.fromEntries(given) };
}

export const addressOf = (query: DeadLetterQuery): string =>
  `/operations?${new URLSearchParams({ part: 'dead-letters', ...query }).toString()}`;

/** What the API is asked, whether for a list or for work on all of them. */
export const filterOf = ({ code, stage, hub, day }: DeadLetterQuery): BulkFilter => ({
  ...(code !== undefined && { code: code as NonNullable<BulkFilter['code']> }),
  ...(stage !== undefined && { stage }),
  ...(hub !== undefined && { hub: hub as NonNullable<BulkFilter['hub']> }),
  ...(day !== undefined && { from: `${day}T00:00:00Z`, to: `${addDays(day, 1)}T00:00:00Z` }),
});

export const listQuery = (query: DeadLetterQuery): ApiQuery => ({
  ...filterOf(query),
  ...(query.show === 'open' && { open: true }),
});

/** The counts that belong to what is shown. */
export const counted = (counts: readonly DeadLetterCount[], query: DeadLetterQuery): DeadLetterCount[] =>
  counts.filter(
    (one) =>
      (query.show === 'all' || one.open) &&
      choices.every((name) => query[name] === undefined || one[name] === query[name]),
  );
