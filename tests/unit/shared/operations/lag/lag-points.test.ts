import { describe, expect, test } from '@jest/globals';
import type { HubCounts } from '../../../../../shared/operations/lag/lag-log.ts';
import { countsOfHub, lagPoints } from '../../../../../shared/operations/lag/lag-points.ts';

const begin = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): Date => new Date(begin + seconds * 1000);
const none: HubCounts = { hub: 'a', events: 0, seconds: null, sent: 0, done: 0, expired: 0 };

/** Points of the hub `a`, by seconds. */
const counts = (...given: [seconds: number, counts: Partial<HubCounts>][]) =>
  countsOfHub(
    given.map(([seconds, one]) => ({ at: at(seconds), hubs: [{ ...none, ...one }] })),
    'a',
  );
const rates = (...given: Parameters<typeof counts>) =>
  lagPoints(counts(...given)).map(({ inPerSecond, outPerSecond }) => [inPerSecond, outPerSecond]);

describe('the points of a hub', () => {
  test('are those in which it was measured', () => {
    const points = [
      { at: at(0), hubs: [none, { ...none, hub: 'b', events: 7 }] },
      { at: at(60), hubs: [{ ...none, hub: 'b', events: 8 }] },
    ];
    expect(countsOfHub(points, 'a').map((one) => one.at)).toEqual([at(0)]);
    expect(countsOfHub(points, 'b').map(({ events }) => events)).toEqual([7, 8]);
  });

  test('of two instances that measure at once are one a minute', () => {
    const found = counts([0, { events: 1 }], [3, { events: 2 }], [60, { events: 3 }], [60, { events: 3 }]);
    expect(found.map(({ events }) => events)).toEqual([1, 3]);
  });
});

describe('the rates of a point', () => {
  test('are what came and what was read since the one before; the first has none', () => {
    expect(rates([0, { sent: 100, done: 40 }], [60, { sent: 160, done: 70 }])).toEqual([
      [null, null],
      [1, 0.5],
    ]);
  });

  test('go on over a point that is missing, and not over a gap', () => {
    const found = rates([0, { sent: 0 }], [120, { sent: 240 }], [300, { sent: 600 }], [360, { sent: 660 }]);
    expect(found.map(([came]) => came)).toEqual([null, 2, null, 1]);
  });

  test('leave out what expired unread: the reader stood', () => {
    const [, second] = rates([0, { sent: 500, done: 100 }], [60, { sent: 500, done: 220, expired: 120 }]);
    expect(second).toEqual([0, 0]);
  });

  test('count what was read when the reader passes what had expired', () => {
    const [, second] = rates(
      [0, { sent: 500, done: 220, expired: 120 }],
      [60, { sent: 500, done: 280, expired: 0 }],
    );
    expect(second).toEqual([0, 1]);
  });

  test.each([
    ['a hub that was made anew', { sent: 500, done: 500 }, { sent: 3, done: 1 }, [null, null]],
    ['a checkpoint that was moved back', { sent: 500, done: 500 }, { sent: 560, done: 10 }, [1, null]],
    ['checkpoints that could not be read', { sent: 500, done: 500 }, { sent: 560, done: null }, [1, null]],
  ])('are not known of %s', (_title, before, now, expected) => {
    expect(rates([0, before], [60, now])[1]).toEqual(expected);
  });
});
