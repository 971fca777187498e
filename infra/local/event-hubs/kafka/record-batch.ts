import { crc32c } from '@aws-crypto/crc32c';
import { limits } from '../limits.ts';
import type { NewBatch, NewRecord } from '../log/frame.ts';
import { errorCodes, KafkaFault } from './error-codes.ts';
import { decodeRecordTail, VarintReader } from './record.ts';

/** base offset, length, leader epoch, magic, CRC, attributes, last offset delta, 2 timestamps, producer id, epoch, sequence, count */
export const headerBytes = 61;
export const crcStart = 21;
export const magicAt = 16;
const codecMask = 0x07;
const transactional = 0x10;
const control = 0x20;

/** One record batch (magic 2) as it came in a produce request, checked and unpacked. */
export function decodeRecordBatch(bytes: Buffer): NewBatch {
  checkShape(bytes);
  const attributes = bytes.readInt16BE(21);
  if ((attributes & (transactional | control)) !== 0) {
    throw new KafkaFault(errorCodes.invalidTransactionState, 'Transactions are not supported.');
  }
  if ((attributes & codecMask) !== 0) {
    throw new KafkaFault(
      errorCodes.unsupportedCompressionType,
      'Event Hubs (Standard) takes no compression.',
    );
  }
  const count = bytes.readInt32BE(57);
  const records = [...recordsIn(bytes.subarray(headerBytes), count)];
  const producerId = Number(bytes.readBigInt64BE(43));
  const producer =
    producerId < 0
      ? undefined
      : { id: producerId, epoch: bytes.readInt16BE(51), sequence: bytes.readInt32BE(53) };
  return { format: 'kafka', records, producer };
}

function checkShape(bytes: Buffer): void {
  if (bytes.length > magicAt && bytes.readInt8(magicAt) !== 2) {
    throw new KafkaFault(errorCodes.unsupportedForMessageFormat, 'Record batches have to be of version 2.');
  }
  if (bytes.length < headerBytes || bytes.readInt32BE(8) !== bytes.length - 12) {
    throw new KafkaFault(errorCodes.corruptMessage, 'A partition gets one whole record batch in a request.');
  }
  if (crc32c(bytes.subarray(crcStart)) !== bytes.readUInt32BE(17)) {
    throw new KafkaFault(errorCodes.corruptMessage, 'The record batch does not have the CRC that it names.');
  }
  if (bytes.length > limits.transferBytes) {
    throw new KafkaFault(
      errorCodes.messageTooLarge,
      `The record batch has ${bytes.length} bytes; ${limits.transferBytes} are allowed.`,
    );
  }
}

function* recordsIn(bytes: Buffer, count: number): Generator<NewRecord> {
  const reader = new VarintReader(bytes);
  try {
    for (let index = 0; index < count; index++) yield { payload: nextTail(reader) };
  } catch (error) {
    if (error instanceof KafkaFault) throw error;
    throw new KafkaFault(errorCodes.invalidRecord, 'A record in the batch is not well formed.');
  }
  if (count < 1 || reader.position !== bytes.length) {
    throw new KafkaFault(
      errorCodes.invalidRecord,
      'The batch holds more or less than the records it counts.',
    );
  }
}

/** Skips length, attributes, timestamp and offset of a record; the rest is what is stored. */
function nextTail(reader: VarintReader): Buffer {
  const length = reader.signed();
  const end = reader.position + length;
  if (length < 0 || end > reader.bytes.length) throw new RangeError('A record ends after its batch.');
  reader.position++;
  reader.skipLong();
  reader.signed();
  const tail = reader.bytes.subarray(reader.position, end);
  decodeRecordTail(tail);
  reader.position = end;
  return tail;
}
