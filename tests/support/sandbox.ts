import { askWorkers, type ProcessingOptions } from '../../shared/images/process/pool.ts';
import type { Pair } from '../../shared/operations/sandbox/compare.ts';
import { processingLimits } from './processing-limits.ts';

/** Released workers, and others, with limits of their own, that have a candidate of tests/support/planted-candidates.ts. */
export function plantedPair(kind: string, options: Partial<ProcessingOptions> = {}): Pair {
  const limits = { ...processingLimits, workers: 1 };
  const candidates = `${new URL('./planted-candidates.ts', import.meta.url).href}?${kind}`;
  const code = { isBackground: true };
  return {
    released: askWorkers(limits, code),
    candidate: askWorkers({ ...limits, ...options }, { ...code, candidates }),
  };
}

export const closePair = ({ released, candidate }: Pair) =>
  Promise.all([released.close(), candidate.close()]);
