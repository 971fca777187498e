import { expect, test } from '@jest/globals';
import hostJson from '../../../../host.json' with { type: 'json' };
import { readHostLimits, requireTimeBudget } from '../../../../shared/stream/time-budget.ts';

const minute = 60_000;

test('a batch of the longest images fits its function, on one core too, as the product is configured', () => {
  const limits = readHostLimits(hostJson, {});
  expect(requireTimeBudget({ ...limits, longestMs: minute, workers: 1 })).toBe(
    limits.functionTimeout - 3 * minute,
  );
});

test('a configuration that cannot keep it is refused with the arithmetic', () => {
  const limits = { functionTimeout: 10 * minute, maxEventBatchSize: 16, longestMs: minute };
  expect(() => requireTimeBudget({ ...limits, workers: 1 })).toThrow(
    /16 images \(maxEventBatchSize\) × 60 s .* ÷ 1 workers = 960 s, and functionTimeout 600 s less 60 s .* is 540 s/,
  );
  expect(requireTimeBudget({ ...limits, workers: 2 })).toBe(7 * minute);
});

test('app settings override host.json, as the host reads it', () => {
  const environment = {
    AzureFunctionsJobHost__functionTimeout: '01:02:03',
    AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize: '4',
  };
  expect(readHostLimits(hostJson, environment)).toEqual({
    ...{ functionTimeout: 3_723_000, maxEventBatchSize: 4 },
  });
});
