import { execFileSync } from 'node:child_process';
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

describe('the time of an event', () => {
  const timeOf = (enqueuedTimeUtc: unknown) => one({ enqueuedTimeUtc }).enqueuedAt.toISOString();

  test('without a zone is UTC, wherever the host runs', () => {
    const program = `
      import { recordsOf } from './shared/stream/trigger-records.ts';
      const systemPropertiesArray = [{ enqueuedTimeUtc: '2026-01-02T03:04:05.006' }];
      const [record] = recordsOf('image-stream', ['x'], { systemPropertiesArray });
      console.log(record.enqueuedAt.toISOString());`;
    const options = { env: { ...process.env, TZ: 'America/New_York' }, encoding: 'utf8' } as const;
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], options);
    expect(printed.trim()).toBe('2026-01-02T03:04:05.006Z');
  });

  test.each([
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
    ['2026-01-02T03:04:05-0130', '2026-01-02T04:34:05.000Z'],
    [new Date('2026-01-02T03:04:05Z'), '2026-01-02T03:04:05.000Z'],
    ['nonsense', '1970-01-01T00:00:00.000Z'],
    [{}, '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (given, expected) => {
    expect(timeOf(given)).toBe(expected);
  });
});

describe('an event whose system properties say nothing', () => {
  test('has its place and time from the arrays of the batch', () => {
    const metadata = {
      ...metadataOf([{}, {}]),
      offsetArray: ['100', '200'],
      sequenceNumberArray: [7, 8],
      enqueuedTimeUtcArray: ['2026-01-02T03:04:05', '2026-01-02T03:04:06'],
    };
    expect(recordsOf('image-stream', ['a', 'b'], metadata)).toMatchObject([
      { offset: '100', sequenceNumber: 7, enqueuedAt: new Date('2026-01-02T03:04:05Z') },
      { offset: '200', sequenceNumber: 8, enqueuedAt: new Date('2026-01-02T03:04:06Z') },
    ]);
  });

  // A geo-replicated namespace: the host's number is -1 for each.
  test('has its offset from the text where the number says nothing', () => {
    const metadata = metadataOf([
      { ...system, offset: -1, offsetString: '1:7:4096' },
      { ...system, offset: -1, offsetString: '1:7:4224' },
    ]);
    const records = recordsOf('image-stream', ['a', 'b'], metadata);
    expect(records.map(({ offset }) => offset)).toEqual(['1:7:4096', '1:7:4224']);
  });

  test('has none where there are none, and is a record all the same', () => {
    expect(recordsOf('image-stream', 'x', undefined)).toEqual([
      {
        ...{ hub: 'image-stream', partition: '', offset: '', sequenceNumber: undefined, key: undefined },
        ...{ enqueuedAt: new Date(0), headers: {}, value: Buffer.from('x') },
      },
    ]);
  });

  test('has them from the names that AMQP gives them', () => {
    const annotations = {
      ...{ 'x-opt-offset': '512', 'x-opt-sequence-number': 9, 'x-opt-partition-key': 'bob' },
      contentType: 'image/gif',
    };
    expect(recordsOf('image-stream', ['x'], metadataOf([annotations]))).toMatchObject([
      { offset: '512', sequenceNumber: 9, key: 'bob', headers: { 'content-type': 'image/gif' } },
    ]);
  });

  test.each([
    ['a number', 7, 7],
    ['a bigint', 7n, 7],
    ['text', '7', 7],
    ['no whole number', 1.5, undefined],
    ['nothing', null, undefined],
  ])('its sequence number may be %s', (_title, sequenceNumber, expected) => {
    expect(one({ sequenceNumber }).sequenceNumber).toBe(expected);
  });
});

describe('a header', () => {
  test.each([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['true', true, 'true'],
    ['a bigint', 5n, '5'],
    ['undefined', undefined, ''],
    ['an object that is no bytes', { a: 1 }, '{"a":1}'],
    ['an array of texts', ['a'], '["a"]'],
    ['an object with keys that count and values that are no bytes', { 0: 256 }, '{"0":256}'],
    ['an object with negative values', { 0: -1 }, '{"0":-1}'],
    ['an object with keys that do not count', { 1: 5 }, '{"1":5}'],
    ['a function', () => 1, ''],
  ])('that is %s is text', (_title, given, expected) => {
    expect(one({}, { header: given }).headers['header']).toBe(expected);
  });

  test('may hold every value that a byte has', () => {
    const data = [0, 127, 255];
    expect(one({}, { header: { type: 'Buffer', data } }).headers['header']).toEqual(Uint8Array.from(data));
  });

  test('called __proto__ is a header like any other', () => {
    const properties = JSON.parse('{"__proto__":"x"}') as object;
    expect(Object.entries(one({}, properties).headers)).toEqual([['__proto__', 'x']]);
  });
});

describe('headers of a Kafka record', () => {
  const wrapped = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const kafkaKey = { 'x-opt-kafka-key': wrapped(Buffer.from('ann')) };

  test('are their bytes, whatever these are: its key tells that it is one', () => {
    const bytes = { 'x-correlation-id': Buffer.from('order-4711'), trace: Buffer.from([0, 255, 7]) };
    const properties = Object.fromEntries(
      Object.entries(bytes).map(([name, value]) => [name, wrapped(value)]),
    );
    expect(one(kafkaKey, properties).headers).toEqual(bytes);
  });

  test('of an AMQP sender, base64 too, are texts as they came', () => {
    const properties = { token: wrapped(Buffer.from([0, 255, 7])) };
    expect(one({ partitionKey: 'ann' }, properties).headers).toEqual(properties);
  });
});

describe('a Kafka key', () => {
  test.each([
    ['that is no text is its bytes in base64url, behind a prefix', '/w==', 'base64url:_w'],
    ['that is no base64 in its usual form is the text itself', 'YQ', 'YQ'],
    ['of zero bytes is none', '', undefined],
    ['as an object that is no bytes leaves the partition key', { a: 1 }, 'ann'],
    ['that is null leaves the partition key', null, 'ann'],
  ])('%s', (_title, kafkaKey, expected) => {
    expect(one({ 'x-opt-kafka-key': kafkaKey, partitionKey: 'ann' }).key).toBe(expected);
  });
});

test.each([
  ['text', 'words', 'words'],
  ['an object', { a: 1 }, '{"a":1}'],
  ['nothing', undefined, ''],
])('an event that is %s is bytes', (_title, event, expected) => {
  const [record] = recordsOf('image-stream', [event], undefined);
  expect(Buffer.from(record!.value).toString()).toBe(expected);
});
