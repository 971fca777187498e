import type { PartitionContext, ReceivedEventData } from '@azure/event-hubs';
import { expect, test } from '@jest/globals';
import { makeBatcher } from '../../../../../infra/local/functions-host/event-hubs/batcher.ts';
import type { EventHubsOptions } from '../../../../../infra/local/functions-host/host-json.ts';

const options = (changes: Partial<EventHubsOptions>): EventHubsOptions => ({
  maxEventBatchSize: 4,
  minEventBatchSize: 1,
  maxWaitTime: 1000,
  batchCheckpointFrequency: 1,
  prefetchCount: 300,
  initialOffsetOptions: { type: 'fromStart' },
  loadBalancingUpdateInterval: 1000,
  partitionOwnershipExpirationInterval: 1000,
  ...changes,
});

const events = (count: number) => Array.from({ length: count }, () => ({}) as ReceivedEventData);
const partition = (partitionId: string) => ({ partitionId }) as PartitionContext;

function batcher(changes: Partial<EventHubsOptions>) {
  const sizes: number[] = [];
  const clock = { now: 0 };
  const made = makeBatcher(
    options(changes),
    (batch) => {
      sizes.push(batch.length);
      return Promise.resolve();
    },
    () => clock.now,
  );
  return { sizes, clock, ...made };
}

test('with a minimum of 1 events go on at once, in batches of at most the maximum', async () => {
  const batches = batcher({});
  await batches.add(events(9), partition('0'));
  expect(batches.sizes).toEqual([4, 4, 1]);
});

test('fewer than the minimum are held until there are enough', async () => {
  const batches = batcher({ minEventBatchSize: 3 });
  await batches.add(events(2), partition('0'));
  expect(batches.sizes).toEqual([]);
  await batches.add(events(2), partition('0'));
  expect(batches.sizes).toEqual([4]);
});

test('fewer than the minimum go on when the first has waited the longest that it may', async () => {
  const batches = batcher({ minEventBatchSize: 3 });
  await batches.add(events(2), partition('0'));
  batches.clock.now = 1000;
  await batches.add([], partition('0'));
  expect(batches.sizes).toEqual([2]);
});

test('partitions do not fill each other’s batches, and one that went to another owner is forgotten', async () => {
  const batches = batcher({ minEventBatchSize: 3 });
  await batches.add(events(2), partition('0'));
  await batches.add(events(2), partition('1'));
  batches.forget('0');
  await batches.add(events(1), partition('0'));
  expect(batches.sizes).toEqual([]);
});
