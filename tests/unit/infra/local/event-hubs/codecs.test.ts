import { gzipSync } from 'node:zlib';
import { crc32c } from '@aws-crypto/crc32c';
import { describe, expect, test } from '@jest/globals';
import rhea from 'rhea';
import { binary, sectionsOf } from '../../../../../infra/local/event-hubs/amqp/encoding.ts';
import {
  batchFormat,
  eventsOfTransfer,
} from '../../../../../infra/local/event-hubs/amqp/received-message.ts';
import { errorCodes } from '../../../../../infra/local/event-hubs/kafka/error-codes.ts';
import { fetchedBatches } from '../../../../../infra/local/event-hubs/kafka/fetched-batches.ts';
import { decodeRecordBatch } from '../../../../../infra/local/event-hubs/kafka/record-batch.ts';
import {
  decodeRecordTail,
  encodeRecordTail,
  signedVarint,
  VarintReader,
} from '../../../../../infra/local/event-hubs/kafka/record.ts';
import { toAmqpMessage, toKafkaRecordTail } from '../../../../../infra/local/event-hubs/mapping.ts';
import { partitionOfKey } from '../../../../../infra/local/event-hubs/partition-key.ts';

const stored = (format: 'amqp' | 'kafka', payload: Buffer, partitionKey?: string) => ({
  format,
  payload,
  partitionKey,
  sequence: 5,
  offset: 4096,
  enqueuedAt: Date.UTC(2026, 0, 1),
});

describe('a varint', () => {
  test.each([0, -1, 1, -2, 63, -64, 64, 2_147_483_647, -2_147_483_648])('keeps %d', (value) => {
    expect(new VarintReader(signedVarint(value)).signed()).toBe(value);
  });

  test('of zigzag 300 has the bytes of the protocol buffers specification', () => {
    expect([...signedVarint(150)]).toEqual([0xac, 0x02]);
  });
});

describe('a Kafka record batch', () => {
  const tail = encodeRecordTail({
    key: Buffer.from('user'),
    value: Buffer.from('bytes'),
    headers: [
      { name: 'ce_id', value: Buffer.from('1') },
      { name: 'none', value: null },
    ],
  });
  const batch = () => fetchedBatches([stored('kafka', tail)], { maxBytes: 10_000, sendsFirst: true });

  test('is read as it was written', () => {
    const { records, producer } = decodeRecordBatch(batch());
    expect(producer).toBeUndefined();
    expect(records.map(({ payload }) => decodeRecordTail(payload))).toEqual([decodeRecordTail(tail)]);
  });

  test('keeps null apart from empty', () => {
    const empty = encodeRecordTail({ key: Buffer.alloc(0), value: null, headers: [] });
    expect(decodeRecordTail(empty)).toEqual({ key: Buffer.alloc(0), value: null, headers: [] });
  });

  test('is corrupt when any one of its bytes after the CRC is wrong', () => {
    const good = batch();
    for (let at = 21; at < good.length; at++) {
      const wrong = Buffer.from(good);
      wrong[at]! ^= 1;
      expect(() => decodeRecordBatch(wrong)).toThrow(
        expect.objectContaining({ code: errorCodes.corruptMessage }),
      );
    }
  });

  test('is corrupt when it is cut anywhere', () => {
    const good = batch();
    for (let length = 17; length < good.length; length++) {
      expect(() => decodeRecordBatch(good.subarray(0, length))).toThrow(
        expect.objectContaining({ code: errorCodes.corruptMessage }),
      );
    }
  });

  const repacked = (codec: number, pack: (records: Buffer) => Buffer) => {
    const good = batch();
    const changed = Buffer.concat([good.subarray(0, 61), pack(good.subarray(61))]);
    changed.writeInt32BE(changed.length - 12, 8);
    changed.writeInt16BE(codec, 21);
    changed.writeUInt32BE(crc32c(changed.subarray(21)), 17);
    return changed;
  };

  test('may not be compressed (Event Hubs Standard), hold anything else, or belong to a transaction', () => {
    const codeOf = (bytes: Buffer) => {
      try {
        decodeRecordBatch(bytes);
        return undefined;
      } catch (error) {
        return (error as { code: number }).code;
      }
    };
    for (const codec of [1, 2, 3, 4]) {
      expect(codeOf(repacked(codec, (records) => gzipSync(records)))).toBe(
        errorCodes.unsupportedCompressionType,
      );
    }
    expect(codeOf(repacked(0, (records) => Buffer.concat([records, records])))).toBe(
      errorCodes.invalidRecord,
    );
    expect(codeOf(repacked(0, (records) => records.subarray(1)))).toBe(errorCodes.invalidRecord);
    expect(codeOf(repacked(0x10, (records) => records))).toBe(errorCodes.invalidTransactionState);
  });
});

describe('an AMQP batch', () => {
  const inner = (body: string, annotations: object = {}) =>
    rhea.message.encode({
      message_annotations: annotations,
      properties: {},
      application_properties: { n: 1 },
      body: rhea.message.data_section(Buffer.from(body)),
    });

  test('is taken apart into its events', () => {
    const bytes = rhea.message.encode({
      message_annotations: { 'x-opt-partition-key': 'zoe' },
      body: rhea.message.data_sections([inner('one'), inner('two', { 'x-own': 'kept' })]),
    });
    const { partitionKey, records } = eventsOfTransfer(bytes, batchFormat);
    expect(partitionKey).toBe('zoe');
    expect(records.map((record) => record.partitionKey)).toEqual(['zoe', 'zoe']);
    const [first, second] = records.map(({ payload }) =>
      rhea.message.decode(toAmqpMessage(stored('amqp', payload, 'zoe'))),
    );
    expect(first!['message_annotations']).toEqual({
      'x-opt-sequence-number': 5,
      'x-opt-offset': '4096',
      'x-opt-enqueued-time': new Date(Date.UTC(2026, 0, 1)),
      'x-opt-partition-key': 'zoe',
    });
    expect(first!['application_properties']).toEqual({ n: 1 });
    expect(first!['body'].content).toEqual(Buffer.from('one'));
    expect(second!['message_annotations']).toMatchObject({ 'x-own': 'kept', 'x-opt-sequence-number': 5 });
  });

  test('cannot claim what the service sets', () => {
    const { records } = eventsOfTransfer(inner('one', { 'x-opt-sequence-number': 99 }), 0);
    const decoded = rhea.message.decode(toAmqpMessage(stored('amqp', records[0]!.payload)));
    expect(decoded['message_annotations']['x-opt-sequence-number']).toBe(5);
  });

  test('that ends early is refused, wherever it ends', () => {
    const bytes = inner('one');
    const whole = [...sectionsOf(bytes)].map(({ end }) => end);
    for (let length = 1; length < bytes.length; length++) {
      if (whole.includes(length)) continue;
      expect(() => eventsOfTransfer(bytes.subarray(0, length), 0)).toThrow(
        expect.objectContaining({ name: 'RangeError' }),
      );
    }
  });
});

describe('over the other protocol', () => {
  test('a Kafka key is x-opt-kafka-key, and headers are binary application properties', () => {
    const tail = encodeRecordTail({
      key: Buffer.from('user'),
      value: Buffer.from('bytes'),
      headers: [{ name: 'content-type', value: Buffer.from('image/png') }],
    });
    const decoded = rhea.message.decode(toAmqpMessage(stored('kafka', tail)));
    expect(decoded['message_annotations']['x-opt-kafka-key']).toEqual(Buffer.from('user'));
    expect(decoded['message_annotations']).not.toHaveProperty('x-opt-partition-key');
    expect(decoded['application_properties']).toEqual({ 'content-type': Buffer.from('image/png') });
    expect(decoded['content_type']).toBeUndefined();
    expect(decoded['body'].content).toEqual(Buffer.from('bytes'));
  });

  test('an AMQP event has no Kafka key; its properties are headers', () => {
    const bare = rhea.message.encode({
      content_type: 'image/png',
      message_id: 'm1',
      application_properties: { ce_id: 'x', raw: Buffer.from([1]) },
      body: rhea.message.data_section(Buffer.from('bytes')),
    });
    const { key, value, headers } = decodeRecordTail(toKafkaRecordTail(stored('amqp', bare, 'zoe')));
    expect(key).toBeNull();
    expect(value).toEqual(Buffer.from('bytes'));
    expect(Object.fromEntries(headers.map((header) => [header.name, header.value]))).toEqual({
      'message-id': Buffer.from('m1'),
      'content-type': Buffer.from('image/png'),
      ce_id: Buffer.from([0xa1, 1, 0x78]),
      raw: binary(Buffer.from([1])),
      'x-opt-partition-key': Buffer.from('zoe'),
    });
  });
});

describe('a partition key', () => {
  test('always has the same partition, and keys are spread over all', () => {
    const counts = [0, 0, 0, 0];
    for (let user = 0; user < 4000; user++) {
      const partition = partitionOfKey(`user-${user}`, 4);
      expect(partitionOfKey(`user-${user}`, 4)).toBe(partition);
      counts[partition]!++;
    }
    for (const count of counts) expect(count).toBeGreaterThan(700);
  });
});
