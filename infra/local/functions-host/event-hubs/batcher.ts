import type { PartitionContext, ReceivedEventData } from '@azure/event-hubs';
import type { EventHubsOptions } from '../host-json.ts';

type Dispatch = (events: readonly ReceivedEventData[], context: PartitionContext) => Promise<void>;

interface Held {
  events: ReceivedEventData[];
  since: number;
}

/**
 * Holds a partition's events until there are `minEventBatchSize` of them or the first has waited `maxWaitTime`,
 * then hands on at most `maxEventBatchSize` at once. With a minimum of 1 nothing is held.
 */
export function makeBatcher(options: EventHubsOptions, dispatch: Dispatch, now: () => number = Date.now) {
  const held = new Map<string, Held>();
  const waits = options.minEventBatchSize > 1;

  return {
    /**
     * How often the client must call, with or without events: for `maxWaitTime` to be kept, and because the SDK
     * notices a broken connection only when it asks for events anew.
     */
    pollSeconds: waits ? Math.max(0.1, Math.min(1, options.maxWaitTime / 4000)) : 2,

    async add(events: readonly ReceivedEventData[], context: PartitionContext): Promise<void> {
      const partition = held.get(context.partitionId) ?? { events: [], since: now() };
      if (partition.events.length === 0) partition.since = now();
      partition.events.push(...events);
      held.set(context.partitionId, partition);
      while (partition.events.length > 0) {
        const full = partition.events.length >= options.minEventBatchSize;
        if (!full && now() - partition.since < options.maxWaitTime) return;
        await dispatch(partition.events.splice(0, options.maxEventBatchSize), context);
      }
    },

    /** The partition went to another owner, which reads its held events again from the checkpoint. */
    forget(partitionId: string): void {
      held.delete(partitionId);
    },
  };
}
