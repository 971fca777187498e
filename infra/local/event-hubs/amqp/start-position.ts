import type { PartitionLog } from '../log/partition-log.ts';
import type { AmqpFault } from './addresses.ts';

const expression =
  /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time|enqueuedtimeutc)\s*(>=|>)\s*'?([^']*)'?$/i;

const fault = (description: string): AmqpFault => ({
  condition: 'com.microsoft:argument-error',
  description,
});

/**
 * The sequence number that a receiver begins with, from its selector filter; the oldest when it has none. A fault is
 * told at once, so that the link can be refused.
 */
export function startSequence(
  partition: PartitionLog,
  filter: string | undefined,
): Promise<number> | AmqpFault {
  if (filter === undefined) return Promise.resolve(partition.beginSequence);
  const match = expression.exec(filter.trim());
  if (!match) return fault(`The filter "${filter}" is not one that Event Hubs knows.`);
  const [, field = '', operator, value = ''] = match;
  const inclusive = operator === '>=';
  if (field.toLowerCase() === 'offset' && value === '@latest') {
    return Promise.resolve(partition.nextSequence);
  }
  const number = value === '' ? Number.NaN : Number(value);
  if (!Number.isSafeInteger(number)) return fault(`'${value}' in the filter is not a number.`);
  if (field.toLowerCase() === 'offset') return fromOffset(partition, number, inclusive);
  if (field.toLowerCase() === 'sequence-number') return fromSequence(partition, number, inclusive);
  return partition.sequenceAfterTime(number, inclusive);
}

function fromOffset(
  partition: PartitionLog,
  offset: number,
  inclusive: boolean,
): Promise<number> | AmqpFault {
  if (offset < 0) return Promise.resolve(partition.beginSequence);
  const last = partition.lastEnqueued.offset;
  return offset > last
    ? fault(`The supplied offset '${offset}' is invalid. The last offset in the system is '${last}'.`)
    : partition.sequenceAfterOffset(offset, inclusive);
}

function fromSequence(
  partition: PartitionLog,
  sequence: number,
  inclusive: boolean,
): Promise<number> | AmqpFault {
  if (sequence >= partition.nextSequence) {
    return fault(
      `The supplied sequence number '${sequence}' is invalid. The last sequence number in the system is '${partition.nextSequence - 1}'.`,
    );
  }
  return Promise.resolve(Math.max(inclusive ? sequence : sequence + 1, partition.beginSequence));
}
