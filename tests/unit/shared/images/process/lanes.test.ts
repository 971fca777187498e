import { describe, expect, jest, test } from '@jest/globals';
import { estimatedMs, makeOwnerShares, slowMs } from '../../../../../shared/images/process/lanes.ts';
import { makeWorkerShares } from '../../../../../shared/images/process/worker-shares.ts';

describe('what an image is estimated to take', () => {
  test.each([
    ['a photo of a telephone', 'image/jpeg', 4032, 3024],
    ['a photo in HEIC', 'image/heic', 4032, 3024],
    ['a photo of a camera', 'image/jpeg', 8256, 5504],
    ['a screenshot', 'image/png', 3840, 2160],
  ])('%s is ordinary', (_title, contentType, width, height) => {
    expect(estimatedMs({ contentType, width, height })).toBeLessThanOrEqual(slowMs);
  });

  test.each([
    ['one row of 50 million pixels', 'image/png', 50_000_000, 1],
    ['one column of 50 million pixels', 'image/png', 1, 50_000_000],
    ['50 million pixels of AVIF', 'image/avif', 7_071, 7_071],
    ['50 million pixels of PNG', 'image/png', 7_071, 7_071],
  ])('%s is slow', (_title, contentType, width, height) => {
    expect(estimatedMs({ contentType, width, height })).toBeGreaterThan(slowMs);
  });
});

describe("an owner's share of the ordinary lane", () => {
  test('is ten seconds of work at once, and a quarter of a second more with each second', () => {
    let now = 0;
    const shares = makeOwnerShares(() => now);
    for (let second = 0; second < 10; second += 1) expect(shares.take('ann', 1_000)).toBe(true);
    expect([shares.take('ann', 1_000), shares.take('berta', 1_000)]).toEqual([false, true]);
    now = 3_999;
    expect(shares.take('ann', 1_000)).toBe(false);
    now = 4_100;
    expect(shares.take('ann', 1_000)).toBe(true);
  });
});

describe('the workers', () => {
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  const never = new Promise<void>(() => undefined);

  test('have one less in slow images than there are', async () => {
    const shares = makeWorkerShares(3);
    let begun = 0;
    for (let index = 0; index < 9; index += 1) {
      void shares.deferred(true, () => {
        begun += 1;
        return never;
      });
    }
    await tick();
    expect(begun).toBe(2);
  });

  test('are all for deferred images while no ordinary one comes, and one less when they do', async () => {
    const shares = makeWorkerShares(2);
    const begun: string[] = [];
    const work = (name: string) => () => {
      begun.push(name);
      return never;
    };
    void shares.ordinary(work('ordinary'));
    for (const name of ['a', 'b']) void shares.deferred(false, work(name));
    await tick();
    expect(begun).toEqual(['ordinary', 'a']);
    const idle = makeWorkerShares(2);
    for (const name of ['c', 'd', 'e']) void idle.deferred(false, work(name));
    await tick();
    expect(begun).toEqual(['ordinary', 'a', 'c', 'd']);
  });

  test('remember whose image overran the ordinary lane', () => {
    const shares = makeWorkerShares(2);
    shares.overran('ann');
    expect([shares.isOverrunning('ann'), shares.isOverrunning('berta')]).toEqual([true, false]);
  });

  test('forget it ten minutes after the last one, so that what they keep does not grow', () => {
    jest.useFakeTimers();
    try {
      const shares = makeWorkerShares(2);
      shares.overran('ann');
      jest.advanceTimersByTime(9 * 60_000);
      shares.overran('ann');
      for (let index = 0; index < 1_000; index += 1) shares.overran(`owner ${index}`);
      jest.advanceTimersByTime(10 * 60_000 - 1);
      expect(shares.isOverrunning('ann')).toBe(true);
      jest.advanceTimersByTime(1);
      expect(shares.isOverrunning('ann')).toBe(false);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  test('of which there is only one have one deferred image at a time, slow or not', async () => {
    const shares = makeWorkerShares(1);
    let begun = 0;
    const work = () => {
      begun += 1;
      return never;
    };
    void shares.deferred(true, work);
    void shares.deferred(false, work);
    await tick();
    expect(begun).toBe(1);
  });
});
