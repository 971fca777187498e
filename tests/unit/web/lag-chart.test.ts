import { describe, expect, test } from '@jest/globals';
import type { LagMark, LagPoint } from '../../../client/api-types.ts';
import { drawnMarks, lagColumns, marksOf } from '../../../web/src/pages/operations/lag-chart.ts';

const begin = Date.parse('2026-03-01T12:00:00Z') / 1000;
const point = (seconds: number, events: number | null): LagPoint => ({
  at: new Date((begin + seconds) * 1000).toISOString(),
  ...{ events, seconds: events === 0 ? null : 30, inPerSecond: 1, outPerSecond: 2 },
});

describe('the columns of a chart', () => {
  test('have a point of which nothing is known where points are missing', () => {
    const { seconds, events, came } = lagColumns([point(0, 1), point(60, 2), point(600, 3)], 60);
    expect(seconds.map((one) => one - begin)).toEqual([0, 60, 120, 600]);
    expect(events).toEqual([1, 2, null, 3]);
    expect(came).toEqual([1, 1, null, 1]);
  });

  test('join points that came a little late', () => {
    expect(lagColumns([point(0, 1), point(150, 2)], 60).events).toEqual([1, 2]);
    expect(lagColumns([point(0, 1), point(151, 2)], 60).events).toEqual([1, null, 2]);
  });

  test('say that the oldest has waited for no time while nothing waits, and nothing where it is not known', () => {
    expect(lagColumns([point(0, 0), point(60, 3)], 60).ages).toEqual([0, 30]);
    expect(lagColumns([{ ...point(0, null), seconds: null }], 60).ages).toEqual([null]);
  });
});

test('marks of a hub are what was done to its reader and all hosts, numbered as in the list', () => {
  const mark = (kind: LagMark['kind'], hub: string | null): LagMark => ({
    ...{ kind, hub, at: '2026-03-01T12:00:00Z', services: null, version: null, count: 1 },
  });
  const all = [mark('paused', 'image-stream'), mark('started', null), mark('held', 'image-processing')];
  const found = marksOf(all, 'image-processing');
  expect(found.map(({ kind }) => kind)).toEqual(['started', 'held']);
  expect(drawnMarks(found).map(({ number, seconds }) => [number, seconds])).toEqual([
    [1, begin],
    [2, begin],
  ]);
});
