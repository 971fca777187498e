import { crc32c } from '@aws-crypto/crc32c';
import type { StoredRecord } from '../log/frame.ts';
import { toKafkaRecordTail } from '../mapping.ts';
import { crcStart, headerBytes, magicAt } from './record-batch.ts';
import { signedVarint } from './record.ts';

const logAppendTime = 0x08;

interface FetchLimit {
  readonly maxBytes: number;
  /** The first batch of an answer is sent whatever its size, so that a reader never stands still (KIP-74). */
  readonly sendsFirst: boolean;
}

/**
 * Records with rising sequence numbers as record batches, as many as fit. A batch ends where the append time changes:
 * a reader gives every record of a batch its one time (KIP-32).
 */
export function fetchedBatches(
  records: readonly StoredRecord[],
  { maxBytes, sendsFirst }: FetchLimit,
): Buffer {
  const batches: Buffer[] = [];
  let run: StoredRecord[] = [];
  let bodies: Buffer[] = [];
  let used = 0;
  const endBatch = (): void => {
    if (run.length > 0) batches.push(encodeBatch(run, bodies));
    [run, bodies] = [[], []];
  };
  for (const record of records) {
    if (run[0] && run[0].enqueuedAt !== record.enqueuedAt) endBatch();
    const body = encodeRecord(record, run[0] ?? record);
    const bytes = body.length + (run.length === 0 ? headerBytes : 0);
    if (used + bytes > maxBytes && !(sendsFirst && used === 0)) break;
    used += bytes;
    run.push(record);
    bodies.push(body);
  }
  endBatch();
  return Buffer.concat(batches);
}

function encodeBatch(records: readonly StoredRecord[], bodies: readonly Buffer[]): Buffer {
  const [first, last] = [records[0]!, records.at(-1)!];
  const batch = Buffer.concat([Buffer.alloc(headerBytes), ...bodies]);
  batch.writeBigInt64BE(BigInt(first.sequence), 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, magicAt);
  batch.writeInt16BE(logAppendTime, 21);
  batch.writeInt32BE(last.sequence - first.sequence, 23);
  batch.writeBigInt64BE(BigInt(first.enqueuedAt), 27);
  batch.writeBigInt64BE(BigInt(first.enqueuedAt), 35);
  batch.writeBigInt64BE(-1n, 43);
  batch.writeInt16BE(-1, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(records.length, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(crcStart)), 17);
  return batch;
}

/** length, attributes, time delta (always 0: see above), offset delta, and the record from its key on */
function encodeRecord(record: StoredRecord, first: StoredRecord): Buffer {
  const tail = toKafkaRecordTail(record);
  const head = Buffer.concat([Buffer.from([0, 0]), signedVarint(record.sequence - first.sequence)]);
  return Buffer.concat([signedVarint(head.length + tail.length), head, tail]);
}
