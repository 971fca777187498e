import rhea, { type Receiver } from 'rhea';
import { newProducerId } from '../log/producer-states.ts';
import type { AppendResult, PartitionLog } from '../log/partition-log.ts';
import type { AmqpFault } from './addresses.ts';
import { offersIfDesired } from './links.ts';

/*
 * Idempotent publishing over AMQP: a link to one partition names its producer, epoch (owner level) and last sequence
 * number, or asks for them, and each event carries its number. What is checked when an event comes is the log's.
 */

export const idempotentProducer = 'com.microsoft:idempotent-producer';
/** Names of the link's properties, and of the annotations of each event. */
export const publisherNames = {
  id: 'com.microsoft:producer-id',
  epoch: 'com.microsoft:producer-epoch',
  sequence: 'com.microsoft:producer-sequence-number',
} as const;

/** What a link publishes as, and the number of the last event that it knows of. */
export interface Publisher {
  readonly id: number;
  readonly epoch: number;
  readonly after: number;
}

type Asked = Readonly<Record<keyof typeof publisherNames, number | undefined>>;

const limits = { id: Number.MAX_SAFE_INTEGER, epoch: 2 ** 15 - 1, sequence: 2 ** 31 - 1 } as const;

const fault = (condition: string, description: string): AmqpFault => ({ condition, description });
const argument = (name: string): AmqpFault =>
  fault('com.microsoft:argument-out-of-range', `The value of ${name} is out of range.`);
const stolen = fault(
  'com.microsoft:producer-epoch-stolen',
  'A producer of the same id with a higher epoch (owner level) publishes to this partition.',
);
const outOfOrder = fault(
  'com.microsoft:out-of-order-sequence',
  'The sequence number is not the one that follows the last of this producer.',
);

export const notNumbered = fault(
  'com.microsoft:argument-error',
  `Events of an idempotent producer need the annotation ${publisherNames.sequence}.`,
);

/** Why a batch was not stored; a batch that is there already is no fault. */
export const publishFaults: Readonly<Record<AppendResult['outcome'], AmqpFault | undefined>> = {
  appended: undefined,
  duplicate: undefined,
  'duplicate-sequence': outOfOrder,
  'out-of-order-sequence': outOfOrder,
  'fenced-epoch': stolen,
};

/** Says in the attach what the link publishes as: its own values where it names some. */
export function acceptPublisher(link: Receiver, partition: PartitionLog | undefined): Publisher | AmqpFault {
  if (!partition) return fault('amqp:not-allowed', 'Idempotent publishing is to one partition.');
  const asked = askedOf(link);
  const publisher = 'condition' in asked ? asked : publisherOf(asked, partition);
  if ('condition' in publisher) return publisher;
  offersIfDesired(link, idempotentProducer);
  (link as unknown as { local: { attach: { properties: object } } }).local.attach.properties = {
    [publisherNames.id]: rhea.types.wrap_long(publisher.id),
    [publisherNames.epoch]: rhea.types.wrap_short(publisher.epoch),
    [publisherNames.sequence]: rhea.types.wrap_int(publisher.after),
  };
  return publisher;
}

function askedOf(link: Receiver): Asked | AmqpFault {
  const properties = (link.properties as Record<string, unknown> | undefined) ?? {};
  const asked: Record<string, number | undefined> = {};
  for (const part of ['id', 'epoch', 'sequence'] as const) {
    const value = properties[publisherNames[part]] ?? undefined;
    const isGood = value === undefined || (Number.isInteger(value) && Number(value) >= 0);
    if (!isGood || Number(value ?? 0) > limits[part]) return argument(publisherNames[part]);
    asked[part] = value as number | undefined;
  }
  return asked as Asked;
}

function publisherOf(asked: Asked, partition: PartitionLog): Publisher | AmqpFault {
  const { id = newProducerId() } = asked;
  const last = partition.lastOfProducer(id);
  const epoch = asked.epoch ?? last?.epoch ?? 0;
  if (last && epoch < last.epoch) return stolen;
  const isKnown = last !== undefined || asked.id === undefined;
  if (!isKnown && (asked.sequence ?? 0) > 0)
    return fault('amqp:not-allowed', `Nothing of producer ${id} is in this partition.`);
  return { id, epoch, after: asked.sequence ?? (last?.epoch === epoch ? last.sequence : 0) };
}
