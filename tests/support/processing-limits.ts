import type { ProcessingOptions } from '../../shared/images/process/pool.ts';

/** Production's memory, workers for a small machine, and a limit of pixels that a file of a few kB can exceed. */
export const processingLimits: ProcessingOptions = {
  maxPixels: 50_000_000,
  timeoutMs: 30_000,
  memoryMb: 512,
  workers: 2,
};
