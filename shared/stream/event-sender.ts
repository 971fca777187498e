import { createHash } from 'node:crypto';
import { EventHubProducerClient, type EventData, type EventDataBatch } from '@azure/event-hubs';
import { DarkroomError } from '../platform/errors.ts';
import type { Hub } from './hubs.ts';
import { credentialOf } from '../platform/credential.ts';
import type { OutgoingEvent } from './record.ts';

/** Sends events; a promise that resolves means that the hub has them. Throws `unavailable` and `too-large`. */
export interface EventSender {
  send(hub: Hub, event: OutgoingEvent): Promise<void>;
  close(): Promise<void>;
}

/** A connection string, or a namespace (`NAME.servicebus.windows.net`) that the identity signs in to. */
export interface EventHubsAddress {
  readonly connectionString?: string | undefined;
  readonly fullyQualifiedNamespace?: string | undefined;
  readonly clientId?: string | undefined;
}

/** Event Hubs takes partition keys of this length. Bytes. */
const maxKeyBytes = 128;

interface Waiting {
  readonly event: OutgoingEvent;
  readonly done: () => void;
  readonly failed: (error: DarkroomError) => void;
}

/** A caller waits for the answer, and an HTTP request cannot wait for long. */
const options = {
  retryOptions: { maxRetries: 3, retryDelayInMs: 250, maxRetryDelayInMs: 2_000, timeoutInMs: 10_000 },
};

function openProducer(address: EventHubsAddress, hub: Hub): EventHubProducerClient {
  if (address.connectionString !== undefined) {
    return new EventHubProducerClient(address.connectionString, hub, options);
  }
  if (address.fullyQualifiedNamespace === undefined) {
    throw new Error('Set DARKROOM_EVENT_HUBS or DARKROOM_EVENT_HUBS__fullyQualifiedNamespace.');
  }
  const credential = credentialOf(address.clientId);
  return new EventHubProducerClient(address.fullyQualifiedNamespace, hub, credential, options);
}

/** Event Hubs refuses longer keys; the digest keeps what a key is for, which is order. */
const partitionKeyOf = (key: string | undefined): string | undefined =>
  key === undefined || Buffer.byteLength(key) <= maxKeyBytes
    ? key
    : createHash('sha256').update(key).digest('hex');

const asEventData = ({ value, headers, contentType }: OutgoingEvent): EventData => ({
  body: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  ...(headers === undefined ? {} : { properties: { ...headers } }),
  ...(contentType === undefined ? {} : { contentType }),
});

const tooLarge = (): DarkroomError =>
  new DarkroomError('too-large', 'The event does not fit the hub, headers included.');

function asFailure(error: unknown, hub: Hub): DarkroomError {
  if (error instanceof DarkroomError) return error;
  if ((error as { code?: unknown }).code === 'MessageTooLargeError') return tooLarge();
  return new DarkroomError('unavailable', `The hub ${hub} did not take an event; try again.`, {
    cause: error,
  });
}

/**
 * Events of one key, in order. While one batch is on its way the next collects: alone, an event goes at once; in a
 * crowd, many share a round trip.
 */
class Lane {
  readonly #producer: EventHubProducerClient;
  readonly #hub: Hub;
  readonly #key: string | undefined;
  readonly #idle: () => void;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(producer: EventHubProducerClient, hub: Hub, key: string | undefined, idle: () => void) {
    this.#producer = producer;
    this.#hub = hub;
    this.#key = key;
    this.#idle = idle;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) await this.#sendSome();
    this.#busy = false;
    this.#idle();
  }

  async #sendSome(): Promise<void> {
    let taken = [...this.#waiting];
    try {
      const batch = await this.#producer.createBatch(
        this.#key === undefined ? {} : { partitionKey: this.#key },
      );
      taken = this.#fill(batch);
      if (taken.length === 0) {
        taken = this.#waiting.slice(0, 1);
        throw tooLarge();
      }
      await this.#producer.sendBatch(batch);
      this.#waiting = this.#waiting.slice(taken.length);
      taken.forEach(({ done }) => done());
    } catch (error) {
      this.#waiting = this.#waiting.slice(taken.length);
      taken.forEach(({ failed }) => failed(asFailure(error, this.#hub)));
    }
  }

  /** As many as fit, in order. */
  #fill(batch: EventDataBatch): Waiting[] {
    const end = this.#waiting.findIndex(({ event }) => !batch.tryAdd(asEventData(event)));
    return end < 0 ? [...this.#waiting] : this.#waiting.slice(0, end);
  }
}

/** Sends through one producer a hub, which connects at first use. */
export function makeEventSender(address: EventHubsAddress): EventSender {
  const producers = new Map<Hub, EventHubProducerClient>();
  const lanes = new Map<string, Lane>();

  function laneOf(hub: Hub, key: string | undefined): Lane {
    const name = key === undefined ? hub : `${hub}/${key}`;
    const open = lanes.get(name);
    if (open !== undefined) return open;
    const producer = producers.get(hub) ?? openProducer(address, hub);
    producers.set(hub, producer);
    const lane = new Lane(producer, hub, key, () => lanes.delete(name));
    lanes.set(name, lane);
    return lane;
  }

  return {
    send: (hub, event) =>
      new Promise((done, failed) => laneOf(hub, partitionKeyOf(event.key)).add({ event, done, failed })),
    async close() {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
      producers.clear();
    },
  };
}
