import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../client/api-types.ts';
import { steady } from '../../../web/src/pages/logistics/steady-rows.ts';

const order = (orderId: number, rowVersion = 1): Order => ({
  ...{ orderId, rowVersion, number: String(orderId), status: 'pending', items: 1, lines: 1 },
  ...{
    totalWeight: '1.000',
    totalPrice: '1.00',
    placedDay: '2026-11-01',
    placedAt: '2026-11-01T08:00:00.000Z',
  },
  ...{ completedAt: null, completedBy: null, cancelledAt: null },
});
const ids = (orders: readonly Order[]) => orders.map(({ orderId }) => orderId);

describe('rows of a list that is read again by itself', () => {
  const shown = [order(3), order(1), order(2)];

  test('stay where they are, with what is new of them, and new ones come last', () => {
    const rows = steady(shown, [order(9), order(1, 2), order(2), order(3)], new Set());
    expect(ids(rows)).toEqual([3, 1, 2, 9]);
    expect(rows[1]).toMatchObject({ orderId: 1, rowVersion: 2 });
  });

  test('stay as done when they were checked off here, and go when somebody else did that', () => {
    const rows = steady(shown, [order(2)], new Set([1]));
    expect(rows.map(({ orderId, status }) => [orderId, status])).toEqual([
      [1, 'completed'],
      [2, 'pending'],
    ]);
  });
});
