import { describe, expect, test } from '@jest/globals';
import { recordsOf } from '../../../../shared/stream/trigger-records.ts';

const system = {
  sequenceNumber: 7,
  offset: '4096',
  partitionKey: null,
  enqueuedTimeUtc: '2026-01-02T03:04:05.006',
};
const metadataOf = (systems: object[], properties: object[] = systems.map(() => ({}))) => ({
  partitionContext: { partitionId: '3' },
  propertiesArray: properties,
  systemPropertiesArray: systems,
});
const one = (systemProperties: object, properties: object = {}, event: unknown = Buffer.from('x')) =>
  recordsOf('image-stream', [event], metadataOf([{ ...system, ...systemProperties }], [properties]))[0]!;

describe('a batch of the trigger', () => {
  test('is records with their places, and times in UTC', () => {
    expect(one({})).toEqual({
      ...{
        hub: 'image-stream',
        partition: '3',
        offset: '4096',
        sequenceNumber: 7,
        key: undefined,
        headers: {},
      },
      ...{ enqueuedAt: new Date('2026-01-02T03:04:05.006Z'), value: Buffer.from('x') },
    });
  });

  test('keeps events apart when some have no key', () => {
    const systems = [system, { ...system, offset: '2', partitionKey: 'bob' }];
    const records = recordsOf(
      'image-stream',
      ['a', 'b'].map((text) => Buffer.from(text)),
      metadataOf(systems),
    );
    expect(records.map(({ key, offset }) => [key, offset])).toEqual([
      [undefined, '4096'],
      ['bob', '2'],
    ]);
  });

  test.each([
    ['a partition key', { partitionKey: 'ann' }, 'ann'],
    ['a Kafka key in base64', { 'x-opt-kafka-key': Buffer.from('ånn').toString('base64') }, 'ånn'],
    [
      'a Kafka key as text',
      { 'x-opt-kafka-key': '0b7e6d7c-6f0a-4d4e-9a55-2f2a86f1a1c1' },
      '0b7e6d7c-6f0a-4d4e-9a55-2f2a86f1a1c1',
    ],
    ['a Kafka key as bytes in JSON', { 'x-opt-kafka-key': { type: 'Buffer', data: [97, 110, 110] } }, 'ann'],
    ['an empty key', { partitionKey: '' }, undefined],
  ])('takes the key from %s', (_title, properties, key) => {
    expect(one(properties).key).toBe(key);
  });

  test('takes headers as text, bytes in any dress, and numbers', () => {
    const { headers } = one(
      {},
      {
        text: 'a',
        bytes: Buffer.from('b'),
        json: { type: 'Buffer', data: [99] },
        indexed: { 0: 100 },
        number: 5,
        none: null,
      },
    );
    expect(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString()])).toEqual([
      ['text', 'a'],
      ['bytes', 'b'],
      ['json', 'c'],
      ['indexed', 'd'],
      ['number', '5'],
      ['none', ''],
    ]);
  });

  test("shows an AMQP message's content type as a header, unless there is one", () => {
    expect(one({ 'content-type': 'image/png' }).headers).toEqual({ 'content-type': 'image/png' });
    expect(one({ 'content-type': 'image/png' }, { 'Content-Type': 'image/gif' }).headers).toEqual({
      'Content-Type': 'image/gif',
    });
  });
});
