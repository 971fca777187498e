import { systemClock } from '../../../../shared/platform/clock.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { long, mapSection, section, string, symbol, timestamp } from './encoding.ts';

/** What a receiver desires to be told with each event where its partition ends. */
export const runtimeMetric = 'com.microsoft:enable-receiver-runtime-metric';

const names = {
  sequence: symbol('last_enqueued_sequence_number'),
  offset: symbol('last_enqueued_offset'),
  time: symbol('last_enqueued_time_utc'),
  retrievedAt: symbol('runtime_info_retrieval_time_utc'),
};

/** The delivery annotations of an event, for the client's "last enqueued event properties". */
export function lastEnqueuedAnnotations(partition: PartitionLog): Buffer {
  const { offset, enqueuedAt } = partition.lastEnqueued;
  return mapSection(section.deliveryAnnotations, [
    ...[names.sequence, long(partition.nextSequence - 1)],
    ...[names.offset, string(String(offset))],
    ...[names.time, timestamp(enqueuedAt)],
    ...[names.retrievedAt, timestamp(systemClock.now().getTime())],
  ]);
}
