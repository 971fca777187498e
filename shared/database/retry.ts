import { setTimeout as wait } from 'node:timers/promises';

export interface Retry {
  /** Whether this failure may pass by itself, and trying again does no harm. */
  readonly retryable: (error: unknown) => boolean;
  readonly budgetMs: number;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/** Tries until it works, the failure is final, or the budget is spent. Full jitter, so that many callers spread out. */
export async function withRetry<T>(work: () => Promise<T>, retry: Retry): Promise<T> {
  const deadline = performance.now() + retry.budgetMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const ceiling = Math.min(retry.maxDelayMs ?? 5_000, (retry.firstDelayMs ?? 50) * 2 ** (attempt - 1));
      const delay = ceiling * (0.2 + 0.8 * Math.random());
      if (!retry.retryable(error) || performance.now() + delay > deadline) throw error;
      retry.onRetry?.(error, attempt, Math.round(delay));
      await wait(delay);
    }
  }
}
