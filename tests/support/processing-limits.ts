import type { ProcessingOptions } from '../../shared/images/process/pool.ts';

/** Production's limits with workers for a small machine. */
export const processingLimits: ProcessingOptions = {
  maxPixels: 50_000_000,
  timeoutMs: 30_000,
  memoryMb: 512,
  workers: 2,
};
