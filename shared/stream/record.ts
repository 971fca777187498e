/** A header as it came: text, or bytes where the transport says so. */
export type HeaderValue = string | Uint8Array;
export type Headers = Readonly<Record<string, HeaderValue>>;

/** One event of a hub, whichever protocol brought it. */
export interface IncomingRecord {
  readonly hub: string;
  readonly partition: string;
  readonly offset: string;
  readonly enqueuedAt: Date;
  /** Of the event in its partition; where the source tells it. */
  readonly sequenceNumber?: number | undefined;
  /** The Kafka key, or the AMQP partition key. */
  readonly key: string | undefined;
  readonly value: Uint8Array;
  readonly headers: Headers;
}

/** What of a record is kept when it fails: enough to send it again as it was, and to name it as it was named. */
export type DeadRecord = Pick<IncomingRecord, 'key' | 'value' | 'headers' | 'enqueuedAt'>;

/** An event to be sent. Events with one key keep their order. */
export interface OutgoingEvent {
  readonly key?: string | undefined;
  readonly value: Uint8Array;
  readonly headers?: Headers;
  readonly contentType?: string;
}
