import type { EventData, EventHubProducerClient } from '@azure/event-hubs';
import type { Binding, FunctionMetadata, InvocationResponse, TypedData } from '../core-types.ts';
import { withSettings } from '../settings.ts';
import { openProducer } from './connection.ts';

const eventText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** One event for each value that a function gave: an array of JSON values is one event per element. */
function eventsOf(data: TypedData): EventData[] {
  if (data.bytes) return [{ body: Buffer.from(data.bytes) }];
  if (data.string !== undefined) return [{ body: Buffer.from(data.string) }];
  if (data.json !== undefined) {
    const value = JSON.parse(data.json) as unknown;
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    return values.map((one) => ({ body: Buffer.from(eventText(one)) }));
  }
  const number = data.int ?? data.double;
  return number === undefined ? [] : [{ body: Buffer.from(String(number)) }];
}

async function sendAll(producer: EventHubProducerClient, events: readonly EventData[]) {
  let batch = await producer.createBatch();
  for (const event of events) {
    if (batch.tryAdd(event)) continue;
    if (batch.count > 0) await producer.sendBatch(batch);
    batch = await producer.createBatch();
    if (!batch.tryAdd(event)) throw new Error('An output event is larger than the hub accepts.');
  }
  if (batch.count > 0) await producer.sendBatch(batch);
}

/** Sends to the `eventHub` output bindings of a function, over one producer a hub. */
export function makeEventHubOutputs(environment: NodeJS.ProcessEnv) {
  const producers = new Map<string, EventHubProducerClient>();

  function producerFor(binding: Binding) {
    const connection = String(binding['connection']);
    const hub = withSettings(String(binding['eventHubName']), environment);
    const key = `${connection}/${hub}`;
    const open = producers.get(key) ?? openProducer(connection, hub, environment);
    producers.set(key, open);
    return open;
  }

  return {
    async send(metadata: FunctionMetadata, response: InvocationResponse): Promise<void> {
      const outputs = [
        ...(response.outputData ?? []),
        ...(response.returnValue ? [{ name: '$return', data: response.returnValue }] : []),
      ];
      for (const { name, data } of outputs) {
        const binding = metadata.bindings[name];
        if (binding?.type.toLowerCase() === 'eventhub') await sendAll(producerFor(binding), eventsOf(data));
      }
    },
    close: async () => {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
    },
  };
}
