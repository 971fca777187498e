import { describe, expect, test } from '@jest/globals';
import { fetchedBatches } from '../../../../../infra/local/event-hubs/kafka/fetched-batches.ts';
import { decodeRecordBatch } from '../../../../../infra/local/event-hubs/kafka/record-batch.ts';
import { encodeRecordTail } from '../../../../../infra/local/event-hubs/kafka/record.ts';

const record = (sequence: number, enqueuedAt: number, bytes = 100) => ({
  format: 'kafka' as const,
  partitionKey: undefined,
  sequence,
  offset: sequence * 1000,
  enqueuedAt,
  payload: encodeRecordTail({ key: null, value: Buffer.alloc(bytes), headers: [] }),
});

/** Base offset, record count and times of each batch (Kafka protocol guide, "Record Batch"). */
function batchesIn(bytes: Buffer) {
  const found: object[] = [];
  for (let at = 0; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) {
    const batch = bytes.subarray(at, at + 12 + bytes.readInt32BE(at + 8));
    found.push({
      base: Number(batch.readBigInt64BE(0)),
      count: decodeRecordBatch(batch).records.length,
      times: [Number(batch.readBigInt64BE(27)), Number(batch.readBigInt64BE(35))],
    });
  }
  return found;
}

const all = { maxBytes: 1_000_000, sendsFirst: true };

describe('the batches of a fetch', () => {
  test('end where the append time changes, since a batch has one', () => {
    const records = [record(7, 1000), record(8, 1000), record(9, 2000), record(10, 3000), record(11, 3000)];
    expect(batchesIn(fetchedBatches(records, all))).toEqual([
      { base: 7, count: 2, times: [1000, 1000] },
      { base: 9, count: 1, times: [2000, 2000] },
      { base: 10, count: 2, times: [3000, 3000] },
    ]);
  });

  test('are never more than the limit, wherever that falls, and as many as fit', () => {
    const records = Array.from({ length: 300 }, (_, index) => record(index, Math.floor(index / 70)));
    const whole = fetchedBatches(records, all).length;
    for (let maxBytes = 0; maxBytes < whole; maxBytes += 97) {
      const bytes = fetchedBatches(records, { maxBytes, sendsFirst: false });
      expect(bytes.length).toBeLessThanOrEqual(maxBytes);
      // One more record, with the header of a batch of its own, would not have fitted.
      expect(maxBytes - bytes.length).toBeLessThan(61 + 110);
    }
  });

  test('send one record that is larger than the limit only where the answer has nothing yet', () => {
    const records = [record(0, 1000, 5000), record(1, 1000)];
    expect(batchesIn(fetchedBatches(records, { maxBytes: 100, sendsFirst: true }))).toMatchObject([
      { base: 0, count: 1 },
    ]);
    expect(fetchedBatches(records, { maxBytes: 100, sendsFirst: false })).toHaveLength(0);
  });
});
