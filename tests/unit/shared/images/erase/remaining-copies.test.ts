import { describe, expect, test } from '@jest/globals';
import { day, hour, minute } from '../../../../../shared/platform/clock.ts';
import { remainingCopies } from '../../../../../shared/images/erase/remaining-copies.ts';

const uploadedAt = new Date('2026-03-01T00:20:00Z');
const deleteAt = new Date(uploadedAt.getTime() + 7 * day);
const after = (milliseconds: number) => new Date(uploadedAt.getTime() + milliseconds);
const left = (now: Date, isCached = false) =>
  remainingCopies({ uploadedAt, deleteAt }, { now, isCached }).map(
    ({ copy, until }) => [copy, until.toISOString()] as const,
  );

describe('what an erasure cannot reach', () => {
  test("is the stream's copy for a day after the upload", () => {
    expect(left(after(hour))).toContainEqual(['image-stream', '2026-03-02T00:20:00.000Z']);
    expect(left(after(day - 1)).map(([copy]) => copy)).toContain('image-stream');
    expect(left(after(day)).map(([copy]) => copy)).not.toContain('image-stream');
  });

  test('is what a browser keeps until the last address ends that was given, an hour or two later', () => {
    expect(left(after(2 * day))).toEqual([['browser', '2026-03-03T02:00:00.000Z']]);
    expect(left(after(2 * day + 40 * 60_000 - 1))).toEqual([['browser', '2026-03-03T02:00:00.000Z']]);
    expect(left(after(2 * day + 40 * 60_000))).toEqual([['browser', '2026-03-03T03:00:00.000Z']]);
  });

  test('is in no browser past the end of the image', () => {
    expect(left(after(7 * day - 60_000))).toEqual([['browser', deleteAt.toISOString()]]);
    expect(left(after(7 * day))).toEqual([]);
  });

  test('is of a record that never became an image the stream’s copy alone', () => {
    const copies = remainingCopies({ uploadedAt }, { now: after(hour), isCached: true });
    expect(copies.map(({ copy }) => copy)).toEqual(['image-stream']);
  });
});

test('is what the sender by Kafka is told, for a day after the erasure; over HTTP nobody is', () => {
  const now = after(6 * day);
  const of = (source: 'kafka' | 'http') => remainingCopies({ uploadedAt, source }, { now, isCached: false });
  expect(of('kafka')).toEqual([{ copy: 'image-outcomes', until: after(7 * day + minute) }]);
  expect(of('http')).toEqual([]);
});

// 235 s for an answer that was on its way when the purge came, and 600 s for which it may then be kept.
test('a cache in front is named for as long as it may keep what came to it beside the purge', () => {
  expect(left(after(2 * day), true)).toContainEqual(['cdn', '2026-03-03T00:33:55.000Z']);
  expect(left(after(7 * day - 60_000), true)).toContainEqual(['cdn', '2026-03-08T00:23:55.000Z']);
});
