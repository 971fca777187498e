import { z } from 'zod';

/** What an invocation needs beside its records: reading, saving, sending. Milliseconds. */
const marginMs = 60_000;

const second = 1_000;
const timeSpan = z
  .string()
  .regex(/^\d\d:\d\d:\d\d$/)
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return ((hours * 60 + minutes) * 60 + seconds) * second;
  });

/** Milliseconds of a time as host.json writes it. */
export const timeSpanMs = (text: string): number => timeSpan.parse(text);

const host = z.object({
  functionTimeout: timeSpan,
  maxEventBatchSize: z.coerce.number().int().positive(),
});

/** host.json as the host reads it: app settings override it. */
export function readHostLimits(
  hostJson: { functionTimeout: string; extensions: { eventHubs: { maxEventBatchSize: number } } },
  environment: NodeJS.ProcessEnv = process.env,
) {
  const prefix = 'AzureFunctionsJobHost__';
  return host.parse({
    functionTimeout: environment[`${prefix}functionTimeout`] ?? hostJson.functionTimeout,
    maxEventBatchSize:
      environment[`${prefix}extensions__eventHubs__maxEventBatchSize`] ??
      hostJson.extensions.eventHubs.maxEventBatchSize,
  });
}

export interface TimeBudget {
  readonly functionTimeout: number;
  readonly maxEventBatchSize: number;
  /** The longest that one record may take once it is in work. Milliseconds. */
  readonly longestMs: number;
  /** Records in work at once, of the slowest kind. */
  readonly workers: number;
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / second)} s`;

/**
 * How long an invocation may take records into work: what it has begun must end before the host ends it, one record
 * waiting for a worker and one in it. Throws where a whole batch of the longest records would not fit.
 */
export function requireTimeBudget({
  functionTimeout,
  maxEventBatchSize,
  longestMs,
  workers,
}: TimeBudget): number {
  const batchMs = Math.ceil(maxEventBatchSize / workers) * longestMs;
  if (batchMs > functionTimeout - marginMs) {
    throw new Error(
      `A batch can take longer than its function may: ${maxEventBatchSize} images (maxEventBatchSize) × ${seconds(longestMs)} ` +
        `(DARKROOM_PROCESSING_TIMEOUT_MS) ÷ ${workers} workers = ${seconds(batchMs)}, and functionTimeout ${seconds(functionTimeout)} ` +
        `less ${seconds(marginMs)} for saving is ${seconds(functionTimeout - marginMs)}. Make the first two smaller, or functionTimeout longer.`,
    );
  }
  return functionTimeout - marginMs - 2 * longestMs;
}
