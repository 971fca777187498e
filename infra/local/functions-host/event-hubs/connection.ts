import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import type { CheckpointStore, LoadBalancingOptions } from '@azure/event-hubs';
import { DefaultAzureCredential } from '@azure/identity';

/** What a binding's `connection` names: a connection string, or `NAME__fullyQualifiedNamespace` and an identity. */
function resolve(name: string, environment: NodeJS.ProcessEnv) {
  const text = environment[name];
  if (text) return { connectionString: text };
  const namespace = environment[`${name}__fullyQualifiedNamespace`];
  if (namespace) return { namespace };
  throw new Error(`Set ${name} or ${name}__fullyQualifiedNamespace: an Event Hubs binding needs it.`);
}

export function openProducer(connection: string, hub: string, environment: NodeJS.ProcessEnv) {
  const to = resolve(connection, environment);
  return to.connectionString !== undefined
    ? new EventHubProducerClient(to.connectionString, hub)
    : new EventHubProducerClient(to.namespace, hub, new DefaultAzureCredential());
}

export interface ConsumerPlace {
  readonly connection: string;
  readonly hub: string;
  readonly consumerGroup: string;
  /** Stable over restarts, so that a restarted host owns its partitions at once. */
  readonly identifier: string;
  readonly loadBalancing: LoadBalancingOptions;
}

export function openConsumer(place: ConsumerPlace, store: CheckpointStore, environment: NodeJS.ProcessEnv) {
  const to = resolve(place.connection, environment);
  const options = {
    identifier: place.identifier,
    loadBalancingOptions: place.loadBalancing,
    /** The SDK does not notice when a connection breaks while a link is opened: it waits this long. */
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 2000, timeoutInMs: 10_000 },
  };
  return to.connectionString !== undefined
    ? new EventHubConsumerClient(place.consumerGroup, to.connectionString, place.hub, store, options)
    : new EventHubConsumerClient(
        place.consumerGroup,
        to.namespace,
        place.hub,
        new DefaultAzureCredential(),
        store,
        options,
      );
}
