import { z } from 'zod';
import { errorCode } from '../../platform/http/problem.ts';
import { readHubs } from '../../stream/hubs.ts';

const instant = z.iso.datetime();
const count = z.int().nonnegative();

/** Of which open dead letters; those that are named, or all that a filter finds. */
export const bulkFilter = z
  .strictObject({
    code: errorCode.optional(),
    stage: z.string().max(50).optional(),
    hub: z.enum(readHubs).optional(),
    from: instant.optional(),
    to: instant.optional(),
  })
  .meta({ id: 'BulkFilter' });

const outcomes = ['applied', 'duplicate', 'fails-again', 'refused-erased', 'discarded', 'not-done'] as const;

const bulkOutcome = z
  .enum(outcomes)
  .describe('`not-done`: something it needs was not reachable, so it is still open')
  .meta({ id: 'BulkOutcome' });

const outcomeCounts = z.object(
  Object.fromEntries(outcomes.map((name) => [name, count.optional()])) as Record<
    (typeof outcomes)[number],
    z.ZodOptional<typeof count>
  >,
);

/** Work on many dead letters, as everybody may see it. */
export const bulkRun = z
  .object({
    id: z.string(),
    action: z.enum(['replay', 'discard']),
    dryRun: z.boolean(),
    filter: bulkFilter,
    reason: z.string(),
    actor: z.string(),
    perMinute: z.int().nullable().describe('At most so many a minute; null for as fast as it goes'),
    state: z.enum(['running', 'done', 'stopped']),
    startedAt: instant,
    endedAt: instant.nullable(),
    stopped: z.object({ actor: z.string(), reason: z.string() }).nullable(),
    waitingFor: z.string().nullable().describe('What was not reachable at the last try, which is repeated'),
    total: count.describe('Open when it was started'),
    done: count,
    outcomes: outcomeCounts,
    results: z
      .array(z.object({ id: z.string(), outcome: bulkOutcome, detail: z.string() }))
      .describe('The first 200; all outcomes are kept with their dead letters'),
  })
  .meta({ id: 'BulkRun' });

export type BulkRun = z.infer<typeof bulkRun>;
export type BulkResult = BulkRun['results'][number];

/** How far a run is, for whoever goes on with it. */
export interface BulkWork {
  /** Named dead letters, in the place of a filter. */
  readonly ids: readonly string[] | null;
  /** Values of the last one's order columns, or how many of the named ones are done. */
  readonly after: readonly unknown[] | number | null;
  /** Nobody else goes on with it before. Milliseconds of the machine's time. */
  readonly claimedUntil: number;
  /** Not before this is the next one due, by its rate. */
  readonly dueAt: number;
  /** Tries of the next ones that met an outage. */
  readonly tries: number;
}

export type StoredRun = BulkRun & { readonly work: BulkWork };

export const maxResults = 200;

export const viewOf = ({ work: _work, ...run }: StoredRun): BulkRun => run;
