import { expect, test } from '@jest/globals';
import { makeRecently } from '../../../../../shared/images/process/recently.ts';

test('a name is remembered for its time after it was last added, and what is kept does not grow', () => {
  let now = 0;
  const names = makeRecently(600, () => now);
  names.add('ann');
  now = 500;
  names.add('ann');
  for (let index = 0; index < 1_000; index += 1) names.add(`owner ${index}`);
  now = 1_099;
  expect([names.has('ann'), names.has('berta')]).toEqual([true, false]);
  now = 1_100;
  expect(names.has('ann')).toBe(false);
  names.add('berta');
  expect(names.size).toBe(1);
});
