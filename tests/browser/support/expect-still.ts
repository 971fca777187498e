import { expect } from '@jest/globals';
import { stillness, sumOf, type Shift } from './layout-shift.ts';

/** Says what moved when too much did. */
export function expectStill(shifts: readonly Shift[]): void {
  const moved = shifts.flatMap((one) => one.moved.map((text) => `${one.value.toFixed(4)} ${text}`));
  expect(sumOf(shifts) < stillness ? [] : moved).toEqual([]);
}
