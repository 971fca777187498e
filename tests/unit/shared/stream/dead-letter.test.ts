import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { randomImageId } from '../../../../shared/platform/image-id.ts';
import {
  deadLetterEvent,
  readDeadLetter,
  type DeadLetterPayload,
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
const payload: DeadLetterPayload = { payloadBytes: 12, claimCheck: 'id/digest', sha256: undefined };
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
  enqueuedAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
});

describe('a dead letter', () => {
  test('is coordinates, reason and claim check: no value, no key, no header of the record', () => {
    expect(deadLetterEvent(reason, payload)).toEqual({
      value: new Uint8Array(),
      headers: {
        '__darkroom.errors.hub': 'image-stream',
        '__darkroom.errors.partition': '3',
        '__darkroom.errors.offset': '77',
        '__darkroom.errors.stage': 'parse',
        '__darkroom.errors.code': 'message-malformed',
        '__darkroom.errors.message': 'It is malformed.',
        '__darkroom.errors.attempts': '2',
        '__darkroom.errors.imageId': reason.imageId,
        '__darkroom.errors.at': '2026-01-02T03:04:05.006Z',
        '__darkroom.payload-bytes': '12',
        '__darkroom.claim-check': 'id/digest',
      },
    });
  });

  test.each<[string, DeadLetterPayload]>([
    ['with a claim check', payload],
    [
      'of a record that could not be stored',
      { payloadBytes: 3, claimCheck: undefined, sha256: 'ab'.repeat(32) },
    ],
  ])('%s gives reason and payload back', (_title, of) => {
    expect(readDeadLetter(asReceived(deadLetterEvent(reason, of)))).toEqual({ reason, ...of });
  });

  test('keeps the first 2,000 characters of its message', () => {
    const event = deadLetterEvent({ ...reason, message: 'm'.repeat(5_000) }, payload);
    expect(readDeadLetter(asReceived(event)).reason.message).toBe('m'.repeat(2_000));
  });

  test('is read back where its headers come as bytes', () => {
    const { headers = {}, ...rest } = deadLetterEvent(reason, payload);
    const asBytes = Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, Buffer.from(text as string)]),
    );
    expect(readDeadLetter(asReceived({ ...rest, headers: asBytes })).reason).toEqual(reason);
  });

  test('with a code of a later version is read as internal', () => {
    const { headers = {}, ...rest } = deadLetterEvent(reason, payload);
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
