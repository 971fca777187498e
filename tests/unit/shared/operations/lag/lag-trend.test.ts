import { describe, expect, test } from '@jest/globals';
import type { CountsAt } from '../../../../../shared/operations/lag/lag-points.ts';
import { lagTrend } from '../../../../../shared/operations/lag/lag-trend.ts';

const now = new Date('2026-03-01T12:00:00Z');
interface Minute {
  readonly waits: number | null;
  readonly sent?: number;
  readonly expired?: number;
}

/** A point a minute, the last one now. */
const minutes = (given: readonly Minute[]): CountsAt[] =>
  given.map(({ waits, sent = 1000, expired = 0 }, index) => ({
    ...{ hub: 'a', seconds: null, events: waits, sent, expired },
    at: new Date(now.getTime() - (given.length - 1 - index) * 60_000),
    done: waits === null ? null : sent - waits,
  }));
const trend = (...given: Minute[]) => lagTrend(minutes(given), now);

describe('the trend of a lag', () => {
  test('that falls says when nothing waits: lag ÷ (out − in)', () => {
    // 60 come a minute and 90 are read.
    const falling = trend({ waits: 180, sent: 1000 }, { waits: 150, sent: 1060 }, { waits: 120, sent: 1120 });
    expect(falling).toEqual({
      ...{ state: 'falling', eventsPerMinute: -30, drainSeconds: 240 },
      ...{ inPerSecond: 1, outPerSecond: 1.5 },
    });
  });

  test('that grows has no time to drain', () => {
    expect(trend({ waits: 10 }, { waits: 40, sent: 1030 }, { waits: 70, sent: 1060 })).toMatchObject({
      ...{ state: 'growing', eventsPerMinute: 30, drainSeconds: null },
    });
  });

  test.each<[string, Minute[], string]>([
    ['nothing waits', [{ waits: 50 }, { waits: 20 }, { waits: 0 }], 'empty'],
    ['as much waits as before', [{ waits: 50 }, { waits: 50 }, { waits: 50 }], 'steady'],
    [
      'what waits expires and nothing is read',
      [{ waits: 90 }, { waits: 60, expired: 30 }, { waits: 30, expired: 60 }],
      'expiring',
    ],
    ['two points are too few', [{ waits: 50 }, { waits: 20 }], 'unknown'],
    ['it cannot be measured now', [{ waits: 9 }, { waits: 8 }, { waits: 7 }, { waits: null }], 'unknown'],
    ['there is none', [], 'unknown'],
  ])('when %s is %s', (_title, given, state) => {
    expect(trend(...given)).toMatchObject({ state, drainSeconds: null });
  });

  test('is of the last ten minutes, and of those after a gap', () => {
    const grown = Array.from({ length: 30 }, (_, index) => ({ waits: index < 15 ? index * 100 : 2000 }));
    expect(trend(...grown).state).toBe('steady');
    const [old, ...late] = minutes([{ waits: 5000 }, { waits: 10 }, { waits: 20 }, { waits: 30 }]);
    const broken = [{ ...old!, at: new Date(old!.at.getTime() - 3 * 60_000) }, ...late];
    expect(lagTrend(broken, now).state).toBe('growing');
  });

  test('is not known when nobody has measured of late', () => {
    const given = minutes([{ waits: 30 }, { waits: 20 }, { waits: 10 }]);
    expect(lagTrend(given, new Date(now.getTime() + 150_000)).state).toBe('falling');
    expect(lagTrend(given, new Date(now.getTime() + 150_001)).state).toBe('unknown');
  });
});
