import { describe, expect, test } from '@jest/globals';
import type { LagMark, LagPoint, LagTrend } from '../../../client/api-types.ts';
import { lagSteps, markText, trendText } from '../../../client/lag.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute));
const point = (minute: number, events: number | null, inPerSecond: number | null = null): LagPoint => ({
  ...{ at: at(minute).toISOString(), events, inPerSecond },
  ...{ seconds: events === null ? null : events * 2, outPerSecond: null },
});

describe('the steps of a lag', () => {
  test('have the most that waited and the mean of what passed', () => {
    const points = [point(0, 4, 1), point(1, 9, 2), point(2, 1, null), point(5, 7, 8)];
    expect(lagSteps(points, at(0), at(9), 5)).toEqual([
      { from: at(0), points: 3, events: 9, seconds: 18, inPerSecond: 1.5, outPerSecond: null },
      { from: at(5), points: 1, events: 7, seconds: 14, inPerSecond: 8, outPerSecond: null },
    ]);
  });

  test('in which nothing was measured are there and have no points', () => {
    const steps = lagSteps([point(1, 4), point(31, null)], at(0), at(40), 15);
    expect(steps.map(({ points, events }) => [points, events])).toEqual([
      [1, 4],
      [0, null],
      [1, null],
    ]);
  });
});

const trend = (state: LagTrend['state'], more: Partial<LagTrend> = {}): LagTrend => ({
  ...{ state, eventsPerMinute: null, drainSeconds: null, inPerSecond: null, outPerSecond: null },
  ...more,
});

test('a trend says when nothing waits any more where it falls, and else that it does not drain', () => {
  expect(trendText(trend('falling', { eventsPerMinute: -30.4, drainSeconds: 7_500 }))).toBe(
    'It falls by 30.4 events a minute: if it goes on like this, nothing waits in 2 h 5 min.',
  );
  expect(trendText(trend('growing', { eventsPerMinute: 12 }))).toBe(
    'It grows by 12 events a minute, so what waits is not worked off.',
  );
  for (const state of ['unknown', 'empty', 'expiring', 'steady'] as const)
    expect(trendText(trend(state))).not.toMatch(/nothing waits in/);
});

test('a mark says what was done, and of how many instances', () => {
  const mark: LagMark = {
    ...{ at: at(0).toISOString(), kind: 'deployed', hub: null },
    ...{ services: 'stream,processing', version: 'abc123', count: 3 },
  };
  expect(markText(mark)).toBe('Version abc123 deployed: 3 instances of the host of stream, processing');
  expect(markText({ ...mark, kind: 'started', services: 'all', count: 1 })).toBe(
    '1 instance of the host of all services started, version abc123',
  );
});
