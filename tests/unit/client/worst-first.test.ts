import { expect, test } from '@jest/globals';
import { growth, worstFirst, type Comparison } from '../../../client/worst-first.ts';

const made = (bytes: number | null, milliseconds: number | null = 10) => ({ bytes, milliseconds });
const row = (name: string, of: Partial<Comparison>) => ({
  ...{ name, outcome: 'differs', ssim: 0.99, released: made(100), candidate: made(100) },
  ...of,
});

test('failures come first, then what is missing, then the least alike, then what grew, then what is slower', () => {
  const inOrder = [
    row('fails', { outcome: 'failed', ssim: null, released: null, candidate: null }),
    row('not made', { outcome: 'missing', ssim: null, candidate: null }),
    row('blurred', { ssim: 0.7 }),
    row('larger', { candidate: made(300, 1) }),
    row('slower', { candidate: made(100, 30) }),
    row('smaller', { candidate: made(50, 90) }),
    row('another fact', { ssim: null, released: made(null, null), candidate: made(null, null) }),
    row('same', { outcome: 'same', ssim: 1 }),
    row('new', { outcome: 'added', ssim: null, released: null }),
  ];
  const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
  expect(names(worstFirst(inOrder.toReversed()))).toEqual(names(inOrder));
  expect(names(worstFirst(inOrder))).toEqual(names(inOrder));
});

test('growth is how many times as much, and 1 where one of the two is not known', () => {
  expect(growth('bytes', row('', { candidate: made(150) }))).toBe(1.5);
  expect(growth('milliseconds', row('', { released: made(100, null) }))).toBe(1);
  expect(growth('bytes', row('', { candidate: null }))).toBe(1);
});
