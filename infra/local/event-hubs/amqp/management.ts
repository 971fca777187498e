import rhea, { type Message } from 'rhea';
import type { EventHub, Namespace } from '../namespace.ts';
import { noSuchPartition } from './addresses.ts';

/** Type code of a string with a four-byte length: what an array of strings is made of. */
const str32 = 0xb1;

interface Answer {
  readonly status: number;
  readonly description: string;
  readonly condition?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

const notFound = (what: string): Answer => ({
  status: 404,
  condition: 'amqp:not-found',
  description: `The messaging entity '${what}' could not be found.`,
});

/** Answers a READ of a hub or of a partition: reading this consumes nothing, so operations ask it for the lag. */
export function answerManagement(namespace: Namespace, request: Message): Message {
  const properties = (request['application_properties'] ?? {}) as Record<string, unknown>;
  return response(request, read(namespace, properties));
}

/** A reply on a request-response link. */
export function response(request: Message, { status, description, condition, body }: Answer): Message {
  return {
    correlation_id: request['message_id'] as unknown,
    application_properties: {
      'status-code': rhea.types.wrap_int(status),
      'status-description': description,
      ...(condition === undefined ? {} : { 'error-condition': rhea.types.wrap_symbol(condition) }),
    },
    body: body ?? {},
  } as unknown as Message;
}

function read(namespace: Namespace, properties: Record<string, unknown>): Answer {
  const text = (name: string): string => String((properties[name] as string | number | undefined) ?? '');
  if (text('operation').toUpperCase() !== 'READ') {
    return { status: 400, condition: 'amqp:not-implemented', description: 'Only READ is there.' };
  }
  const hub = namespace.hub(text('name'));
  if (!hub) return notFound(text('name'));
  if (text('type') === 'com.microsoft:eventhub')
    return { status: 200, description: 'OK', body: hubInfo(hub) };
  if (text('type') !== 'com.microsoft:partition') return notFound(text('type'));
  const body = partitionInfo(hub, text('partition'));
  return body
    ? { status: 200, description: 'OK', body }
    : { status: 400, ...noSuchPartition(text('partition'), hub) };
}

function hubInfo(hub: EventHub): Record<string, unknown> {
  const ids = hub.partitions.map((_, index) => String(index));
  return {
    name: hub.name,
    type: 'com.microsoft:eventhub',
    created_at: hub.createdAt,
    partition_count: rhea.types.wrap_int(ids.length),
    partition_ids: rhea.types.wrap_array(ids, str32, undefined),
  };
}

function partitionInfo(hub: EventHub, id: string): Record<string, unknown> | undefined {
  const partition = /^\d+$/.test(id) ? hub.partitions[Number(id)] : undefined;
  if (!partition) return undefined;
  const { offset, enqueuedAt } = partition.lastEnqueued;
  return {
    name: hub.name,
    type: 'com.microsoft:partition',
    partition: id,
    begin_sequence_number: rhea.types.wrap_long(partition.beginSequence),
    last_enqueued_sequence_number: rhea.types.wrap_long(partition.nextSequence - 1),
    last_enqueued_offset: String(offset),
    last_enqueued_time_utc: new Date(enqueuedAt),
    is_partition_empty: partition.isEmpty,
  };
}
