import { describe, expect, test } from '@jest/globals';
import {
  allState,
  choose,
  hiddenCount,
  lookedAtAgain,
  without,
} from '../../../web/src/pages/logistics/selection.ts';

const order = (orderId: number, rowVersion = 1) => ({
  orderId,
  number: String(orderId),
  status: 'pending' as const,
  placedAt: '2026-11-23T12:00:00.000Z',
  placedDay: '2026-11-23',
  completedAt: null,
  completedBy: null,
  cancelledAt: null,
  lines: 1,
  items: 1,
  totalWeight: '1.000',
  totalPrice: '1.0000',
  rowVersion,
});

describe('a selection of orders', () => {
  const chosen = choose(new Map(), [order(1), order(2)], true);

  test('keeps the version that was on the screen when an order was chosen', () => {
    expect(choose(chosen, [order(1, 5)], true).get(1)!.rowVersion).toBe(1);
  });

  test('takes a newer version only of an order that was refused and is shown again', () => {
    const after = lookedAtAgain(chosen, [order(1, 5), order(2, 7)], new Set([1]));
    expect(after.get(1)!.rowVersion).toBe(5);
    expect(after.get(2)!.rowVersion).toBe(1);
  });

  test('counts what the list does not show', () => {
    expect(hiddenCount(chosen, [order(2), order(3)])).toBe(1);
    expect(hiddenCount(without(chosen, [1]), [order(2)])).toBe(0);
  });

  test('has three states for the checkbox above the rows', () => {
    expect(allState(chosen, [order(3)])).toBe('none');
    expect(allState(chosen, [order(1), order(3)])).toBe('some');
    expect(allState(chosen, [order(1), order(2)])).toBe('all');
  });
});
