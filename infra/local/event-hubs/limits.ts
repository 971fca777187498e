import { maxEventBytes } from '../../../shared/stream/hubs.ts';

/** What the endpoints allow; Event Hubs (Standard) has the same, unless a comment says otherwise. */
export const limits = {
  /** An AMQP transfer (event or batch), and a Kafka record batch as it is sent. Bytes. */
  transferBytes: maxEventBytes,
  /** A Kafka request: several partitions may each get a batch. Bytes. */
  kafkaRequestBytes: 64 * maxEventBytes,
  /** What a Kafka consumer may name as its session timeout (Microsoft's table of Kafka configurations). Milliseconds. */
  sessionTimeout: [6_000, 300_000],
  /** Receivers without an epoch on one partition and consumer group. */
  receivers: 5,
  /** Silence after which a connection is given up; each side sends a heartbeat in half of that. Milliseconds. */
  idleTimeout: 60_000,
  /** What waits in a socket before a receiver is fed on; ours alone. Bytes. */
  socketBacklogBytes: 4 * maxEventBytes,
  /** What one read from a log takes into memory; ours alone. Bytes. */
  readBytes: maxEventBytes,
} as const;
