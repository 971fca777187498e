import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Line } from '../../bench/harness/bench.ts';
import { isFailure, judge, tableOf } from '../../bench/harness/check.ts';
import { targets, type Target } from '../../bench/harness/targets.ts';

const of = { bench: 'read', case: 'p50 of a variant', baseline: 'bare', noise: 0.1 };
const line = (ratio: number, more: Partial<Line> = {}): Line => ({
  ...{ bench: 'read', case: 'p50 of a variant, with a token', contender: 'darkroom', baseline: 'bare' },
  ...{ unit: 'ms', median: 1, baselineMedian: ratio, ratio, runs: 3 },
  ...more,
});
const states = (target: Target, ...lines: Line[]) => judge([target], lines).map(({ state }) => state);

describe('a figure', () => {
  test.each([
    [0.8, 'met'],
    [0.73, 'noise'],
    [0.71, 'worse'],
    [NaN, 'not measured'],
  ])('of %d is %s where at least 0.8 is wanted', (ratio, state) => {
    expect(states({ ...of, ratio: { atLeast: 0.8 } }, line(ratio))).toEqual([state]);
  });

  test.each([
    [1.2, 'met'],
    [1.31, 'noise'],
    [1.33, 'worse'],
  ])('of %d is %s where at most 1.2 is wanted', (ratio, state) => {
    expect(states({ ...of, ratio: { atMost: 1.2 } }, line(ratio))).toEqual([state]);
  });

  test('is judged for each contender, or for the one that is named', () => {
    const lines = [line(1), line(0.1, { contender: 'other' }), line(0.1, { baseline: 'another' })];
    const target = { ...of, ratio: { atLeast: 0.8 } };
    expect(states(target, ...lines)).toEqual(['met', 'worse']);
    expect(states({ ...target, contender: 'other' }, ...lines)).toEqual(['worse']);
  });

  test('that was not measured fails, as one that is worse does', () => {
    const target = { ...of, ratio: { atLeast: 0.8 } };
    expect(judge([target], []).map(isFailure)).toEqual([true]);
    expect(judge([target], [line(0.5)]).map(isFailure)).toEqual([true]);
    expect(judge([target], [line(0.75)]).map(isFailure)).toEqual([false]);
  });
});

test('the table has a line for each, with target, noise and what was measured', () => {
  const table = tableOf(judge([{ ...of, ratio: { atLeast: 0.8 } }], [line(0.9)])).split('\n');
  expect(table).toHaveLength(2);
  expect(table[1]).toMatch(/^read .*darkroom \/ bare .*≥ 0\.8 .*± 10 % .*0\.9 .*met$/);
});

test('every target is of a bench that there is', () => {
  const files = targets.map(({ bench }) =>
    fileURLToPath(new URL(`../../bench/${bench}.ts`, import.meta.url)),
  );
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});
