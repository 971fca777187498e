import { describe, expect, test } from '@jest/globals';
import { day, hour } from '../../../../../shared/platform/clock.ts';
import { remainingCopies } from '../../../../../shared/images/erase/remaining-copies.ts';
import type { ImageDetail } from '../../../../../shared/images/store/ports.ts';

const uploadedAt = new Date('2026-03-01T00:00:00Z');
const after = (milliseconds: number) => new Date(uploadedAt.getTime() + milliseconds);
const image = (...failedAt: Date[]) =>
  ({
    uploadedAt,
    timeline: [{ event: 'received', at: uploadedAt }, ...failedAt.map((at) => ({ event: 'failed', at }))],
  }) as unknown as ImageDetail;

const left = (of: ImageDetail, now: Date) => remainingCopies(of, { now, isCached: false });

describe('what an erasure cannot reach', () => {
  test("is the stream's copy for a day after the upload", () => {
    expect(left(image(), after(hour))).toEqual([{ copy: 'image-stream', until: after(day) }]);
    expect(left(image(), after(day - 1))).toHaveLength(1);
    expect(left(image(), after(day))).toEqual([]);
  });

  test('is no dead letter, which holds nothing of the image', () => {
    expect(left(image(after(hour)), after(2 * day))).toEqual([]);
  });
});

test('a cache in front is named for the ten minutes that its purge may take', () => {
  const now = after(2 * day);
  expect(remainingCopies(image(), { now, isCached: true })).toEqual([
    { copy: 'cdn', until: new Date(now.getTime() + 600_000) },
  ]);
});
