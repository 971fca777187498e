import pLimit from 'p-limit';
import type { TakeTurn } from '../../shared/stream/batch.ts';

/** So many records in work at once, in their order. */
export function limitedTurn(concurrency: number): TakeTurn {
  const limit = pLimit(concurrency);
  return (_record, work) => limit(work);
}
