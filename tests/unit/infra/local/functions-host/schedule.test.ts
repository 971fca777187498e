import { describe, expect, test } from '@jest/globals';
import { parseSchedule } from '../../../../../infra/local/functions-host/timers/schedule.ts';

const at = (text: string) => new Date(text);
const after = (schedule: string, from: string) =>
  parseSchedule(schedule, at(from)).next(at(from)).toISOString();

describe('an NCRONTAB schedule', () => {
  test.each([
    ['0 */5 * * * *', '2026-01-01T10:01:30Z', '2026-01-01T10:05:00.000Z'],
    ['30 * * * * *', '2026-01-01T10:01:30Z', '2026-01-01T10:02:30.000Z'],
    ['0 0 9-17 * * 1-5', '2026-01-02T17:00:00Z', '2026-01-05T09:00:00.000Z'],
    ['0 30 9 * Jan Mon', '2026-01-06T00:00:00Z', '2026-01-12T09:30:00.000Z'],
    ['0 0 0 1 * *', '2026-01-31T12:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['*/15 * * * *', '2026-01-01T10:01:00Z', '2026-01-01T10:15:00.000Z'],
  ])('%s after %s is at %s', (schedule, from, expected) => {
    expect(after(schedule, from)).toBe(expected);
  });

  test('with day of month and day of week needs both to fit', () => {
    expect(after('0 0 0 13 * 5', '2026-01-01T00:00:00Z')).toBe('2026-02-13T00:00:00.000Z');
  });

  test('of another number of fields is refused', () => {
    expect(() => parseSchedule('* * *')).toThrow('not NCRONTAB');
  });
});

test('a time span is an interval from now', () => {
  const schedule = parseSchedule('00:10:30');
  expect(schedule.interval).toBe(630_000);
  expect(schedule.next(at('2026-01-01T00:00:00Z')).toISOString()).toBe('2026-01-01T00:10:30.000Z');
});
