import { randomUUID } from 'node:crypto';
import type {
  CheckpointStore,
  EventHubConsumerClient,
  PartitionContext,
  ReceivedEventData,
} from '@azure/event-hubs';
import { earliestEventPosition, latestEventPosition } from '@azure/event-hubs';
import type { FunctionMetadata } from '../core-types.ts';
import type { EventHubsOptions } from '../host-json.ts';
import type { Invoke } from '../invoke.ts';
import type { Log } from '../log.ts';
import { withRetries } from '../retry.ts';
import { withSettings } from '../settings.ts';
import { makeBatcher } from './batcher.ts';
import { forRestartedOwner } from './checkpoint-store.ts';
import { openConsumer } from './connection.ts';
import { batchBody, batchMetadata, eventBody, eventMetadata } from './metadata.ts';

export interface EventHubTriggerDependencies {
  readonly options: EventHubsOptions;
  readonly store: CheckpointStore;
  readonly environment: NodeJS.ProcessEnv;
  readonly instance: string;
  readonly invoke: Invoke;
  readonly log: Log;
}

export interface Listener {
  /** Stops taking events, lets running invocations end (and checkpoint), then closes the connection. */
  close(): Promise<void>;
}

const isConfiguration = (error: unknown) =>
  ['UnauthorizedError', 'MessagingEntityNotFoundError'].includes((error as { code?: string }).code ?? '');

/** As the client has it when another receiver took the link: the pump of the partition ends, and no other does. */
const ownershipLost = () =>
  Object.assign(new Error('Another host took the partition.'), { code: 'ReceiverDisconnectedError' });

/** Listens for one function: batches of a partition one after the other, checkpoint when each has ended. */
export function listen(target: FunctionMetadata, dependencies: EventHubTriggerDependencies): Listener {
  const { options, environment, invoke, log } = dependencies;
  const { name, retryOptions, bindings } = target;
  const category = `Function.${name}`;
  const binding = Object.entries(bindings).find(([, { type }]) => type === 'eventHubTrigger')!;
  const [inputName, { dataType, cardinality }] = binding;
  const text = (property: string, otherwise = '') =>
    typeof binding[1][property] === 'string' ? binding[1][property] : otherwise;
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const held = new Map<string, AbortController>();

  const identifier = `${dependencies.instance}/${name}`;
  const client: EventHubConsumerClient = openConsumer(
    {
      connection: text('connection'),
      hub: withSettings(text('eventHubName'), environment),
      consumerGroup: withSettings(text('consumerGroup', '$Default'), environment),
      identifier,
      loadBalancing: {
        strategy: 'greedy',
        updateIntervalInMs: options.loadBalancingUpdateInterval,
        partitionOwnershipExpirationIntervalInMs: options.partitionOwnershipExpirationInterval,
      },
    },
    forRestartedOwner(dependencies.store, identifier, (partitionId) => held.get(partitionId)?.abort()),
    environment,
  );

  /** Under the function's retry policy, every try with the same invocation id. */
  function invokeOn(events: readonly ReceivedEventData[], context: PartitionContext, signal: AbortSignal) {
    const isBatch = cardinality === 'many';
    const data = isBatch ? batchBody(events, dataType) : eventBody(events[0]!, dataType);
    const triggerMetadata = isBatch ? batchMetadata(events, context) : eventMetadata(events[0]!, context);
    const invocationId = randomUUID();
    return withRetries(retryOptions, signal, (retryContext) =>
      invoke(
        target,
        {
          inputData: [{ name: inputName, data }],
          triggerMetadata,
          ...(retryContext && { retryContext }),
        },
        { invocationId },
      ),
    );
  }

  /** Whatever became of the invocation, the checkpoint moves on; only a stop or a lost partition holds it back. */
  async function run(
    events: readonly ReceivedEventData[],
    context: PartitionContext,
    lost: AbortSignal,
  ): Promise<void> {
    const signal = AbortSignal.any([stop.signal, lost]);
    const groups = cardinality === 'many' ? [events] : events.map((event) => [event]);
    try {
      for (const group of groups) {
        if (signal.aborted) return;
        await invokeOn(group, context, signal);
      }
      // What ended while the host was told to stop has ended: it does not come again.
      if (!lost.aborted) await context.updateCheckpoint(events.at(-1)!);
    } catch (error) {
      if (signal.aborted) return;
      log({ level: 'error', category, message: 'The checkpoint failed', exception: String(error) });
    }
  }

  async function dispatch(events: readonly ReceivedEventData[], context: PartitionContext) {
    const lost = new AbortController();
    held.set(context.partitionId, lost);
    await run(events, context, lost.signal);
    held.delete(context.partitionId);
    if (lost.signal.aborted && !stop.signal.aborted) throw ownershipLost();
  }

  const batcher = makeBatcher(options, (events, context) => {
    const work = dispatch(events, context).finally(() => running.delete(work));
    running.add(work);
    return work;
  });

  const subscription = client.subscribe(
    {
      processEvents: (events, context) =>
        stop.signal.aborted ? Promise.resolve() : batcher.add(events, context),
      processClose: (_reason, context) => {
        batcher.forget(context.partitionId);
        return Promise.resolve();
      },
      processError: (error, { partitionId }) => {
        if (stop.signal.aborted) return Promise.resolve();
        const level = isConfiguration(error) ? 'error' : 'warning';
        log({
          level,
          category,
          message: 'Event Hubs connection trouble',
          partitionId,
          exception: error.message,
        });
        return Promise.resolve();
      },
    },
    {
      maxBatchSize: options.maxEventBatchSize,
      maxWaitTimeInSeconds: batcher.pollSeconds,
      prefetchCount: options.prefetchCount,
      skipParsingBodyAsJson: true,
      startPosition:
        options.initialOffsetOptions.type === 'fromStart' ? earliestEventPosition : latestEventPosition,
    },
  );

  return {
    async close() {
      stop.abort();
      await subscription.close();
      await Promise.allSettled(running);
      await client.close();
    },
  };
}
