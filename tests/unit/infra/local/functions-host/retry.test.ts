import { expect, test } from '@jest/globals';
import { retryDelay, withRetries } from '../../../../../infra/local/functions-host/retry.ts';

const fixed = (maxRetryCount: number) =>
  ({ retryStrategy: 'fixedDelay', maxRetryCount, delayInterval: { seconds: 0 } }) as const;

const failing = (times: number) => {
  const contexts: unknown[] = [];
  return {
    contexts,
    attempt: (context: unknown) => {
      contexts.push(context);
      return contexts.length <= times ? Promise.reject(new Error('not yet')) : Promise.resolve();
    },
  };
};

test('without a policy a failure is final after one attempt', async () => {
  const { attempt, contexts } = failing(1);
  expect(await withRetries(undefined, AbortSignal.abort(), attempt)).toBe(false);
  expect(contexts).toEqual([undefined]);
});

test('a policy repeats up to its count and tells each attempt its number and the failure before', async () => {
  const { attempt, contexts } = failing(9);
  expect(await withRetries(fixed(2), new AbortController().signal, attempt)).toBe(false);
  expect(contexts).toEqual([
    { retryCount: 0, maxRetryCount: 2 },
    { retryCount: 1, maxRetryCount: 2, exception: expect.objectContaining({ message: 'not yet' }) },
    { retryCount: 2, maxRetryCount: 2, exception: expect.objectContaining({ message: 'not yet' }) },
  ]);
});

test('a count of -1 repeats until it succeeds', async () => {
  const { attempt, contexts } = failing(25);
  expect(await withRetries(fixed(-1), new AbortController().signal, attempt)).toBe(true);
  expect(contexts).toHaveLength(26);
});

test('a stop ends the waiting with a rejection, so that nothing is checkpointed', async () => {
  const stop = new AbortController();
  const policy = { ...fixed(-1), delayInterval: { seconds: 3600 } };
  const waiting = withRetries(policy, stop.signal, () => Promise.reject(new Error('down')));
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

// RandomizedExponentialBackoffStrategy of azure-webjobs-sdk: the minimum, then twice, three times, five times it, and so on.
test('exponential backoff starts at the minimum, adds it doubled each time, and never passes the maximum', () => {
  const policy = {
    retryStrategy: 'exponentialBackoff',
    maxRetryCount: -1,
    minimumInterval: { seconds: 2 },
    maximumInterval: { seconds: 30 },
  } as const;
  const delays = [1, 2, 3, 4, 5, 50].map((attempt) => retryDelay(policy, attempt, () => 0.5));
  expect(delays).toEqual([2000, 4000, 6000, 10_000, 18_000, 30_000]);
});
