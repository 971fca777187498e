import { crc32 } from 'node:zlib';

/** How a record's payload is written: as an AMQP message without annotations, or as a Kafka record from its key on. */
export type RecordFormat = 'amqp' | 'kafka';

export interface NewRecord {
  readonly partitionKey?: string | undefined;
  readonly payload: Buffer;
}

/** The idempotent producer that sent a batch; its state is rebuilt from the log, as a Kafka broker does. */
export interface ProducerBatch {
  readonly id: number;
  readonly epoch: number;
  readonly sequence: number;
  /** The number after which an AMQP producer said that it begins its epoch; those of Kafka begin at 0. */
  readonly after?: number;
}

/** What is appended as one: all of it is in the log after a crash, or none. */
export interface NewBatch {
  readonly format: RecordFormat;
  readonly records: readonly NewRecord[];
  readonly producer?: ProducerBatch | undefined;
}

export interface FrameHeader {
  readonly bytes: number;
  readonly format: RecordFormat;
  readonly count: number;
  readonly baseSequence: number;
  readonly enqueuedAt: number;
  readonly producer: ProducerBatch | undefined;
}

export interface StoredRecord {
  readonly format: RecordFormat;
  readonly sequence: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly enqueuedAt: number;
  readonly partitionKey: string | undefined;
  readonly payload: Buffer;
}

/** length, CRC-32 of what follows, format, -, epoch, count, base sequence, enqueued at, producer id and sequence, - */
export const frameHeaderBytes = 48;
const noPartitionKey = 0xffff;
const noProducer = -1;

/** A batch as buffers for one vectored write; payloads are not copied. */
export function encodeFrame(batch: NewBatch, baseSequence: number, enqueuedAt: number): Buffer[] {
  const header = Buffer.alloc(frameHeaderBytes);
  const buffers = [header, ...batch.records.flatMap(encodeRecord)];
  header.writeUInt32BE(
    buffers.reduce((sum, buffer) => sum + buffer.length, 0),
    0,
  );
  header.writeUInt8(batch.format === 'amqp' ? 1 : 2, 8);
  header.writeInt16BE(batch.producer?.epoch ?? noProducer, 10);
  header.writeUInt32BE(batch.records.length, 12);
  header.writeBigInt64BE(BigInt(baseSequence), 16);
  header.writeBigInt64BE(BigInt(enqueuedAt), 24);
  header.writeBigInt64BE(BigInt(batch.producer?.id ?? noProducer), 32);
  header.writeInt32BE(batch.producer?.sequence ?? noProducer, 40);
  let crc = crc32(header.subarray(8));
  for (const buffer of buffers.slice(1)) crc = crc32(buffer, crc);
  header.writeUInt32BE(crc, 4);
  return buffers;
}

function encodeRecord({ partitionKey, payload }: NewRecord): Buffer[] {
  const key = partitionKey === undefined ? undefined : Buffer.from(partitionKey);
  const prefix = Buffer.allocUnsafe(6 + (key?.length ?? 0));
  prefix.writeUInt32BE(prefix.length + payload.length, 0);
  prefix.writeUInt16BE(key?.length ?? noPartitionKey, 4);
  key?.copy(prefix, 6);
  return [prefix, payload];
}

/** The header at `at`, or undefined when there are not enough bytes for one. */
export function readFrameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (bytes.length - at < frameHeaderBytes) return undefined;
  const producerId = Number(bytes.readBigInt64BE(at + 32));
  return {
    bytes: bytes.readUInt32BE(at),
    format: bytes.readUInt8(at + 8) === 1 ? 'amqp' : 'kafka',
    count: bytes.readUInt32BE(at + 12),
    baseSequence: Number(bytes.readBigInt64BE(at + 16)),
    enqueuedAt: Number(bytes.readBigInt64BE(at + 24)),
    producer:
      producerId === noProducer
        ? undefined
        : { id: producerId, epoch: bytes.readInt16BE(at + 10), sequence: bytes.readInt32BE(at + 40) },
  };
}

/** True when the whole frame at `at` is there and is what was written. */
export const frameIsWhole = (bytes: Buffer, at: number, header: FrameHeader): boolean =>
  header.bytes >= frameHeaderBytes &&
  at + header.bytes <= bytes.length &&
  crc32(bytes.subarray(at + 8, at + header.bytes)) === bytes.readUInt32BE(at + 4);

/** The records of the frame at `at`, as views of `bytes`; `frameOffset` is the offset of the frame in the partition. */
export function* recordsOf(
  bytes: Buffer,
  at: number,
  header: FrameHeader,
  frameOffset: number,
): Generator<StoredRecord> {
  let position = at + frameHeaderBytes;
  for (let index = 0; index < header.count; index++) {
    const end = position + bytes.readUInt32BE(position);
    const keyLength = bytes.readUInt16BE(position + 4);
    const keyEnd = position + 6 + (keyLength === noPartitionKey ? 0 : keyLength);
    yield {
      format: header.format,
      sequence: header.baseSequence + index,
      offset: frameOffset + position - at,
      enqueuedAt: header.enqueuedAt,
      partitionKey: keyLength === noPartitionKey ? undefined : bytes.toString('utf8', position + 6, keyEnd),
      payload: bytes.subarray(keyEnd, end),
    };
    position = end;
  }
}
