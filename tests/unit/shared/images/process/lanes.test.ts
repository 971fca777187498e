import { describe, expect, test } from '@jest/globals';
import { deferredKey, estimatedMs, flowOf, slowMs } from '../../../../../shared/images/process/lanes.ts';

describe('what an image is estimated to take', () => {
  test.each([
    ['a photo of a telephone', 'image/jpeg', 4032, 3024],
    ['a photo in HEIC', 'image/heic', 4032, 3024],
    ['a photo of a camera', 'image/jpeg', 8256, 5504],
    ['a screenshot', 'image/png', 3840, 2160],
  ])('%s is ordinary', (_title, contentType, width, height) => {
    expect(estimatedMs({ contentType, width, height, bytes: 5e6 })).toBeLessThanOrEqual(slowMs);
  });

  test.each([
    ['one row of 50 million pixels', 'image/png', 50_000_000, 1],
    ['one column of 50 million pixels', 'image/png', 1, 50_000_000],
    ['50 million pixels of AVIF', 'image/avif', 7_071, 7_071],
    ['50 million pixels of PNG', 'image/png', 7_071, 7_071],
    ['a photo in JPEG XL', 'image/jxl', 4032, 3024],
  ])('%s is slow', (_title, contentType, width, height) => {
    expect(estimatedMs({ contentType, width, height, bytes: 5e6 })).toBeGreaterThan(slowMs);
  });

  test('what is read from the store for seconds is slow, however small its picture', () => {
    const small = { contentType: 'image/png', width: 60, height: 40 };
    expect(estimatedMs({ ...small, bytes: 90e6 })).toBeLessThan(slowMs);
    expect(estimatedMs({ ...small, bytes: 900e6 })).toBeGreaterThan(slowMs);
  });
});

describe('what stands for an owner', () => {
  test('is the same each time, differs from others’, and is too short to name anybody', () => {
    expect(flowOf('ann')).toBe(flowOf('ann'));
    expect(flowOf('ann')).not.toBe(flowOf('berta'));
    expect(flowOf('ann')).toMatch(/^[0-9a-f]{4}$/);
  });

  test('is spread over four partition keys, so that most partitions hold nothing of one owner', () => {
    const keys = new Set(Array.from({ length: 200 }, () => deferredKey('0a1b')));
    expect([...keys].sort()).toEqual(['0a1b-0', '0a1b-1', '0a1b-2', '0a1b-3']);
  });
});
