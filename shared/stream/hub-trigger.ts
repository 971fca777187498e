import type { EventHubFunctionOptions, InvocationContext } from '@azure/functions';
import { consumerGroups, eventHubsConnection, type Hub } from './hubs.ts';
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

/** Batches that found their reader paused and never ended here went to another host; what is kept of them is bounded. */
const maxWaiting = 1_000;

/**
 * Throws while the reader of the hub is paused, which is the path of an outage (decision 042): the batch waits under the
 * retry policy and the checkpoint stays. Answers how many tries of a batch found it so: they are none of its records'.
 */
function makeGate(hub: Hub, readers: () => Promise<ReaderStates>) {
  const waited = new Map<string, number>();
  return {
    async pass(batch: string, log: Log): Promise<number> {
      const { pause } = await (await readers()).of(hub);
      const tries = waited.get(batch) ?? 0;
      if (pause === undefined) return tries;
      if (waited.size > maxWaiting) waited.clear();
      waited.set(batch, tries + 1);
      // The alert on lag is quiet about a function that writes this.
      log.info(pause.isQuiet ? 'reader.paused' : 'reader.paused-long', { hub, since: pause.since });
      throw new DarkroomError('unavailable', `The reader of ${hub} is paused; its batch waits.`);
    },
    end: (batch: string): boolean => waited.delete(batch),
  };
}

/** A function's handler for batches of a hub; `batch` is made at the first one. */
export function hubHandler(
  hub: Hub,
  batch: () => Promise<RunBatch>,
  readers: () => Promise<ReaderStates>,
  expired: () => Promise<ExpiredGaps>,
): HubHandler {
  const gate = makeGate(hub, readers);
  return async (events, context) => {
    const log = invocationLog(context, { function: context.functionName });
    const records = recordsOf(hub, events, context.triggerMetadata);
    const name = records[0] === undefined ? '' : nameOf(records[0]);
    const waited = await gate.pass(name, log);
    const [run, lookForExpired] = await Promise.all([batch(), expired()]);
    const retries = Math.max(0, (context.retryContext?.retryCount ?? 0) - waited);
    await withLog(log, async () => {
      await lookForExpired(records);
      await run(records, retries);
    });
    gate.end(name);
  };
}

/**
 * How our functions read a hub: whole batches, as bytes. The retry policy has no last try, because what a batch still
 * throws after its records were handled is an outage, and giving up would move the checkpoint past what was promised.
 */
export function hubTrigger(hub: Hub, handler: HubHandler): EventHubFunctionOptions {
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
