import type { EventHubFunctionOptions, InvocationContext } from '@azure/functions';
import { consumerGroups, eventHubsConnection, type ReadHub } from './hubs.ts';
import { nameOf } from './batch.ts';
import type { ExpiredGaps } from './expired-events.ts';
import { DarkroomError } from '../platform/errors.ts';
import { invocationLog, type Log } from '../platform/log.ts';
import type { ReaderStates } from './reader-states.ts';
import type { IncomingRecord } from './record.ts';
import { recordsOf } from './trigger-records.ts';
import { withLog } from './invocation-log.ts';

type RunBatch = (records: readonly IncomingRecord[], retries?: number) => Promise<void>;

export type HubHandler = (events: unknown, context: InvocationContext) => Promise<void>;

/** Batches that waited and never ended here went to another host; what is kept of them is bounded. */
const maxWaiting = 1_000;

/** Throws while the reader is paused, which is the path of an outage (decision 042): the batch waits, the checkpoint stays. */
async function requireReading(hub: ReadHub, readers: ReaderStates, log: Log): Promise<void> {
  const { pause } = await readers.of(hub);
  if (pause === undefined) return;
  // The alert on lag is quiet about a function that writes this.
  log.info(pause.isQuiet ? 'reader.paused' : 'reader.paused-long', { hub, since: pause.since });
  throw new DarkroomError('unavailable', `The reader of ${hub} is paused; its batch waits.`);
}

/** A function's handler for batches of a hub; `batch` is made at the first one. */
export function hubHandler(
  hub: ReadHub,
  batch: () => Promise<RunBatch>,
  readers: () => Promise<ReaderStates>,
  expired: () => Promise<ExpiredGaps>,
): HubHandler {
  /** How many tries of a batch did not come to its records: these are none of theirs. */
  const waits = new Map<string, number>();
  return async (events, context) => {
    const log = invocationLog(context, { function: context.functionName });
    const records = recordsOf(hub, events, context.triggerMetadata);
    const name = records[0] === undefined ? '' : nameOf(records[0]);
    const waited = waits.get(name) ?? 0;
    if (waits.size > maxWaiting) waits.clear();
    waits.set(name, waited + 1);
    await requireReading(hub, await readers(), log);
    const [run, lookForExpired] = await Promise.all([batch(), expired()]);
    const retries = Math.max(0, (context.retryContext?.retryCount ?? 0) - waited);
    await withLog(log, async () => {
      await lookForExpired(records);
      waits.set(name, waited);
      await run(records, retries);
    });
    waits.delete(name);
  };
}

/**
 * How our functions read a hub: whole batches, as bytes. The retry policy has no last try, because what a batch still
 * throws after its records were handled is an outage, and giving up would move the checkpoint past what was promised.
 */
export function hubTrigger(hub: ReadHub, handler: HubHandler): EventHubFunctionOptions {
  const options = {
    connection: eventHubsConnection,
    eventHubName: hub,
    consumerGroup: consumerGroups[hub],
    cardinality: 'many' as const,
    // Known to the host, not to the library's types.
    dataType: 'binary',
    retry: {
      strategy: 'exponentialBackoff' as const,
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { seconds: 30 },
    },
    handler,
  };
  return options;
}
