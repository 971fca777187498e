import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { maxEventBytes } from '../../../../shared/stream/hubs.ts';
import { randomImageId } from '../../../../shared/platform/image-id.ts';
import {
  buildDeadLetter,
  readDeadLetter,
  type DeadLetterReason,
} from '../../../../shared/stream/dead-letter.ts';
import { frameRecord, unframeRecord } from '../../../../shared/stream/record-frame.ts';
import type { OutgoingEvent } from '../../../../shared/stream/record.ts';

const reason: DeadLetterReason = {
  ...{ hub: 'image-stream', partition: '3', offset: '77', stage: 'parse', code: 'message-malformed' },
  ...{
    message: 'It is malformed.',
    attempts: 2,
    imageId: randomImageId(),
    at: new Date('2026-01-02T03:04:05.006Z'),
  },
};
const place = { hub: 'image-dead-letter', partition: '0', offset: '1', enqueuedAt: new Date() };
const asReceived = ({ key, value, headers = {} }: OutgoingEvent) => ({ ...place, key, value, headers });

const header = fc.oneof(
  fc.string(),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
);
const anyRecord = fc.record({
  key: fc.option(fc.string({ maxLength: 300 }), { nil: undefined }),
  value: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  headers: fc.dictionary(
    fc.string().filter((name) => !name.startsWith('__')),
    header,
  ),
});

describe('a dead letter', () => {
  test('names its reason in headers, beside the record as it was', () => {
    const headers = { ce_id: 'e-1', raw: Buffer.from([1, 2]) };
    const { event, payload } = buildDeadLetter({ key: 'ann', value: Buffer.from('x'), headers }, reason);
    expect(payload).toBeUndefined();
    expect(event()).toMatchObject({
      key: 'ann',
      value: Buffer.from('x'),
      headers: {
        ...headers,
        '__darkroom.errors.hub': 'image-stream',
        '__darkroom.errors.partition': '3',
        '__darkroom.errors.offset': '77',
        '__darkroom.errors.stage': 'parse',
        '__darkroom.errors.code': 'message-malformed',
        '__darkroom.errors.message': 'It is malformed.',
        '__darkroom.errors.attempts': '2',
      },
    });
  });

  test('gives the record and the reason back', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const { event } = buildDeadLetter(record, reason);
        const read = readDeadLetter(asReceived(event()));
        expect(read).toEqual({
          reason,
          record,
          payloadBytes: record.value.byteLength,
          claimCheck: undefined,
        });
      }),
    );
  });

  test('of a dead letter that was replayed has one reason, the latest', () => {
    const first = buildDeadLetter(
      { key: 'ann', value: Buffer.from('x'), headers: { a: 'b' } },
      reason,
    ).event();
    const second = buildDeadLetter(asReceived(first), { ...reason, code: 'image-corrupt' });
    expect(readDeadLetter(asReceived(second.event()))).toMatchObject({
      reason: { code: 'image-corrupt' },
      record: { headers: { a: 'b' } },
    });
  });

  test.each([
    ['value', { key: 'ann', value: Buffer.alloc(maxEventBytes), headers: { a: 'b' } }],
    ['headers', { key: 'ann', value: Buffer.from('x'), headers: { big: 'x'.repeat(maxEventBytes) } }],
  ])('whose %s do not fit the hub goes with a claim check on all of it', (_title, record) => {
    const { event, payload } = buildDeadLetter(record, reason);
    const read = readDeadLetter(asReceived(event('id/digest')));
    expect(read).toMatchObject({ claimCheck: 'id/digest', payloadBytes: record.value.byteLength });
    const kept = unframeRecord(payload!);
    expect([kept.key, kept.headers, Buffer.compare(kept.value, record.value)]).toEqual([
      'ann',
      record.headers,
      0,
    ]);
  });

  test('and its reason fit one event of the hub together, however long the reason is', () => {
    const longest = { ...reason, message: '\u{1f5bc}'.repeat(10_000), offset: '9'.repeat(20) };
    const sizeOf = ({ key = '', value, headers = {} }: OutgoingEvent): number =>
      Object.entries(headers).reduce(
        (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text as string),
        Buffer.byteLength(key) + value.byteLength,
      );
    for (const room of [0, 100, 1_000, 4_000, 8_000, 12_000, 16_000, 20_000]) {
      const value = Buffer.alloc(maxEventBytes - room);
      const record = { key: 'k'.repeat(128), value, headers: { ce_id: 'e-1' } };
      expect(sizeOf(buildDeadLetter(record, longest).event('id/digest'))).toBeLessThan(maxEventBytes);
    }
  });

  test('keeps the first 2,000 characters of its message', () => {
    const { event } = buildDeadLetter(
      { key: 'ann', value: Buffer.from('x'), headers: {} },
      { ...reason, message: 'm'.repeat(5_000) },
    );
    expect(readDeadLetter(asReceived(event())).reason.message).toBe('m'.repeat(2_000));
  });

  test.each([
    ['value', Buffer.alloc(100_000), {}],
    ['headers', Buffer.alloc(10), { big: 'x'.repeat(100_000), raw: Buffer.alloc(50_000) }],
  ])('with a %s far below the limit of the hub needs no claim check', (_title, value, headers) => {
    expect(buildDeadLetter({ key: 'ann', value, headers }, reason).payload).toBeUndefined();
  });

  test('of headers that fill an event by their bytes goes with a claim check', () => {
    const headers = { big: Buffer.alloc(maxEventBytes) };
    expect(buildDeadLetter({ key: 'ann', value: Buffer.from('x'), headers }, reason).payload).toBeDefined();
  });

  test.each([
    ['of 128 bytes goes as the key of the event', 'k'.repeat(128), 'k'.repeat(128)],
    ['over 128 bytes, which the hub refuses, goes as a header', 'k'.repeat(129), undefined],
    ['counts in bytes', '\u00e9'.repeat(65), undefined],
  ])('of a record whose key %s', (_title, key, eventKey) => {
    const record = { key, value: Buffer.from('x'), headers: {} };
    const { event } = buildDeadLetter(record, reason);
    expect(event().key).toBe(eventKey);
    expect(readDeadLetter(asReceived(event())).record.key).toBe(key);
  });

  test('with a claim check holds nothing of the record but its short key', () => {
    const record = { key: 'k'.repeat(200), value: Buffer.alloc(maxEventBytes), headers: { a: 'b' } };
    const { event, payload } = buildDeadLetter(record, reason);
    const { key, value, headers = {} } = event('id/digest');
    expect([key, value.byteLength]).toEqual([undefined, 0]);
    expect(JSON.stringify(headers)).not.toContain('kkk');
    expect(Object.keys(headers).filter((name) => !name.startsWith('__darkroom.'))).toEqual([]);
    expect(unframeRecord(payload!).key).toBe(record.key);
  });

  test('is read back where its headers come as bytes', () => {
    const { headers = {}, ...rest } = buildDeadLetter(
      { key: 'ann', value: Buffer.from('x'), headers: { a: 'b' } },
      reason,
    ).event();
    const asBytes = Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, Buffer.from(text as string)]),
    );
    expect(readDeadLetter(asReceived({ ...rest, headers: asBytes })).reason).toEqual(reason);
  });

  test('with a code of a later version is read as internal', () => {
    const { headers = {}, ...rest } = buildDeadLetter(
      { key: 'ann', value: Buffer.from('x'), headers: {} },
      reason,
    ).event();
    const later = { ...headers, '__darkroom.errors.code': 'of-tomorrow' };
    expect(readDeadLetter(asReceived({ ...rest, headers: later })).reason.code).toBe('internal');
  });

  test('that is none of ours is refused', () => {
    expect(() => readDeadLetter({ ...place, key: undefined, value: Buffer.from('x'), headers: {} })).toThrow(
      expect.objectContaining({ code: 'message-malformed' }),
    );
  });
});

test('any record comes back from its frame', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const back = unframeRecord(frameRecord(record));
      expect({ ...back, value: Buffer.from(back.value) }).toEqual(record);
    }),
  );
});

test('bytes that are no frame are refused by an error of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(() => unframeRecord(bytes)).toThrow(expect.objectContaining({ code: 'message-malformed' }));
    }),
  );
});
