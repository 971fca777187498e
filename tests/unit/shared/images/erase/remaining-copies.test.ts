import { describe, expect, test } from '@jest/globals';
import { day, hour } from '../../../../../shared/platform/clock.ts';
import {
  remainingCopies,
  remainingCopiesHeader,
  remainingCopiesHeaderValue,
} from '../../../../../shared/images/erase/remaining-copies.ts';
import type { ImageDetail } from '../../../../../shared/images/store/ports.ts';

const uploadedAt = new Date('2026-03-01T00:00:00Z');
const after = (milliseconds: number) => new Date(uploadedAt.getTime() + milliseconds);
const image = (...failedAt: Date[]) =>
  ({
    uploadedAt,
    timeline: [{ event: 'received', at: uploadedAt }, ...failedAt.map((at) => ({ event: 'failed', at }))],
  }) as unknown as ImageDetail;

describe('what an erasure cannot reach', () => {
  test("is the stream's copy for a day after the upload", () => {
    expect(remainingCopies(image(), after(hour))).toEqual([{ hub: 'image-stream', until: after(day) }]);
    expect(remainingCopies(image(), after(day - 1))).toHaveLength(1);
    expect(remainingCopies(image(), after(day))).toEqual([]);
  });

  test('is no dead letter, which holds nothing of the image', () => {
    expect(remainingCopies(image(after(hour)), after(2 * day))).toEqual([]);
  });
});

test('the header names each copy and when it expires, as a structured field', () => {
  expect(remainingCopiesHeader).toBe('darkroom-remaining');
  expect(
    remainingCopiesHeaderValue([
      { hub: 'image-stream', until: after(day) },
      { hub: 'image-dead-letter', until: after(6 * day) },
    ]),
  ).toBe(
    'image-stream; until="2026-03-02T00:00:00.000Z", image-dead-letter; until="2026-03-07T00:00:00.000Z"',
  );
});
