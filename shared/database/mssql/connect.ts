import sql from 'mssql';
import { withRetry, type Retry } from '../retry.ts';
import { isTransient } from './errors.ts';

/** A serverless database that is paused answers 40613 while it resumes, for more than 50 s. */
const resumeBudgetMs = 90_000;

/** Opens, and opens again while the database is paused, moving or not reachable. */
export const whenAvailable = <T>(
  open: () => Promise<T>,
  onRetry?: Retry['onRetry'],
  firstDelayMs = 500,
  retryable = isTransient,
): Promise<T> =>
  withRetry(open, {
    retryable,
    budgetMs: resumeBudgetMs,
    firstDelayMs,
    maxDelayMs: 10_000,
    ...(onRetry === undefined ? {} : { onRetry }),
  });

/** A pool of one connection, so that what belongs to its session holds until it is closed. */
export async function withConnection<T>(
  config: sql.config,
  work: (pool: sql.ConnectionPool) => Promise<T>,
): Promise<T> {
  const pool = await whenAvailable(() =>
    new sql.ConnectionPool({ ...config, pool: { max: 1, min: 1 } }).connect(),
  );
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
