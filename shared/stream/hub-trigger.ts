import type { EventHubFunctionOptions, InvocationContext } from '@azure/functions';
import { consumerGroups, eventHubsConnection, type Hub } from './hubs.ts';
import { invocationLog } from '../platform/log.ts';
import type { IncomingRecord } from './record.ts';
import { recordsOf } from './trigger-records.ts';
import { withLog } from './invocation-log.ts';

type RunBatch = (records: readonly IncomingRecord[], retries?: number) => Promise<void>;

export type HubHandler = (events: unknown, context: InvocationContext) => Promise<void>;

/** A function's handler for batches of a hub; `batch` is made at the first one. */
export function hubHandler(hub: Hub, batch: () => Promise<RunBatch>): HubHandler {
  return async (events, context) => {
    const log = invocationLog(context, { function: context.functionName });
    const run = await batch();
    const records = recordsOf(hub, events, context.triggerMetadata);
    await withLog(log, () => run(records, context.retryContext?.retryCount ?? 0));
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
