import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryContext, RetryOptions } from './core-types.ts';

/**
 * Milliseconds before retry number `attempt` (from 1). Backoff begins with the minimum, then adds it, doubled each time,
 * with ±20 % jitter (RandomizedExponentialBackoffStrategy of azure-webjobs-sdk).
 */
export function retryDelay(
  options: RetryOptions,
  attempt: number,
  random: () => number = Math.random,
): number {
  if (options.retryStrategy === 'fixedDelay') return (options.delayInterval?.seconds ?? 0) * 1000;
  const minimum = (options.minimumInterval?.seconds ?? 0) * 1000;
  const maximum = (options.maximumInterval?.seconds ?? 60) * 1000;
  const growth = attempt === 1 ? 0 : minimum * 2 ** Math.min(attempt - 2, 30);
  return Math.min(maximum, minimum + growth * (0.8 + 0.4 * random()));
}

const asException = (error: unknown): NonNullable<RetryContext['exception']> =>
  error instanceof Error
    ? { message: error.message, source: error.name, stackTrace: error.stack ?? '' }
    : { message: String(error), source: '', stackTrace: '' };

/**
 * Runs `attempt` under a function's retry policy. Resolves true when it succeeded, false when its retries ran
 * out; rejects only when `signal` stops the waiting (then nothing may be checkpointed).
 */
export async function withRetries(
  options: RetryOptions | undefined,
  signal: AbortSignal,
  attempt: (context: RetryContext | undefined) => Promise<unknown>,
): Promise<boolean> {
  const maxRetryCount = options?.maxRetryCount ?? 0;
  let exception: RetryContext['exception'];
  for (let retryCount = 0; ; retryCount += 1) {
    try {
      await attempt(options && { retryCount, maxRetryCount, ...(exception && { exception }) });
      return true;
    } catch (error) {
      if (!options || (maxRetryCount >= 0 && retryCount >= maxRetryCount)) return false;
      exception = asException(error);
      await sleep(retryDelay(options, retryCount + 1), undefined, { signal });
    }
  }
}
