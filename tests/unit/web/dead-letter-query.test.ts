import { expect, test } from '@jest/globals';
import type { DeadLetterCount } from '../../../client/api-types.ts';
import {
  addressOf,
  counted,
  listQuery,
  queryIn,
} from '../../../web/src/pages/operations/dead-letter-query.ts';

const count = (of: Partial<DeadLetterCount>): DeadLetterCount => ({
  ...{ code: 'internal', stage: 'check', hub: 'image-stream', day: '2026-11-29', open: true },
  ...{ deadLetters: 1, images: 1, firstAt: '2026-11-29T10:00:00.000Z', lastAt: '2026-11-29T10:00:00.000Z' },
  ...of,
});

test('what is shown is in the address, and comes back out of it', () => {
  const query = {
    show: 'open',
    code: 'internal',
    stage: 'check',
    hub: 'image-stream',
    day: '2026-11-30',
  } as const;
  const address = new URL(addressOf(query), 'http://x');
  expect(queryIn(Object.fromEntries(address.searchParams))).toEqual(query);
  expect(queryIn({ part: 'dead-letters', code: '' })).toEqual({ show: 'all' });
});

test('a day is asked for as its hours in UTC', () => {
  expect(listQuery({ show: 'open', day: '2026-12-31' })).toEqual({
    ...{ open: true, from: '2026-12-31T00:00:00Z', to: '2027-01-01T00:00:00Z' },
  });
});

test('only the counts of what is shown are counted', () => {
  const counts = [
    count({}),
    count({ stage: 'parse' }),
    count({ open: false }),
    count({ code: 'image-corrupt' }),
  ];
  expect(counted(counts, { show: 'all', code: 'internal' })).toEqual(counts.slice(0, 3));
  expect(counted(counts, { show: 'open', code: 'internal', stage: 'check' })).toEqual(counts.slice(0, 1));
});
