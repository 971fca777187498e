import { describe, expect, test } from '@jest/globals';
import {
  attempted,
  checkOff,
  due,
  emptyOutbox,
  onItsWay,
  settle,
  undo,
  undoPeriod,
} from '../../../web/src/pages/logistics/outbox-state.ts';

const order = (orderId: number) => ({ orderId, number: String(orderId), rowVersion: 1 });
const said = (orderId: number) => ({
  orderId,
  number: String(orderId),
  outcome: 'done' as const,
  reason: null,
  completedAt: '2026-11-23T12:00:00.000Z',
  completedBy: 'somebody',
});

describe('check-offs on their way', () => {
  const one = checkOff(emptyOutbox, [order(1), order(2)], 'first', 1000);

  test('are held for the time in which they can be undone, and due after it', () => {
    expect(onItsWay(one, 1, 1000)).toEqual({ kind: 'held', key: 'first', until: 1000 + undoPeriod });
    expect(due(one, 999 + undoPeriod)).toEqual([]);
    expect(due(one, 1000 + undoPeriod)).toHaveLength(1);
  });

  test('are pending, never done, from then on until the service has answered', () => {
    expect(onItsWay(one, 1, 1000 + undoPeriod)).toEqual({ kind: 'pending' });
    expect(onItsWay(attempted(one, 'first'), 1, 1000 + undoPeriod)).toEqual({ kind: 'pending' });
  });

  test('are not taken in twice', () => {
    expect(checkOff(one, [order(2)], 'second', 1001)).toBe(one);
    const [, second] = checkOff(one, [order(2), order(3)], 'second', 1001).batches;
    expect(second!.orders.map(({ orderId }) => orderId)).toEqual([3]);
  });

  test('can be undone before they were sent, and not after', () => {
    expect(undo(one, 'first').batches).toEqual([]);
    expect(undo(attempted(one, 'first'), 'first').batches).toHaveLength(1);
  });

  test('keep their key and the versions that were seen over every attempt', () => {
    const [batch] = attempted(attempted(one, 'first'), 'first').batches;
    expect(batch).toMatchObject({ key: 'first', attempts: 2, orders: [order(1), order(2)] });
  });

  test('end with what the service said of each', () => {
    const settled = settle(one, 'first', [said(1), said(2)]);
    expect(settled.batches).toEqual([]);
    expect(settled.outcomes.map(({ orderId }) => orderId)).toEqual([1, 2]);
    expect(onItsWay(settled, 1, 0)).toBeUndefined();
  });
});
