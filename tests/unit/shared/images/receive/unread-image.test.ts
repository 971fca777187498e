import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { unreadImage } from '../../../../../shared/images/receive/unread-image.ts';
import { deriveImageId, isImageId, randomImageId } from '../../../../../shared/platform/image-id.ts';
import type { IncomingRecord } from '../../../../../shared/stream/record.ts';

const record = (facts: Partial<IncomingRecord> = {}): IncomingRecord => ({
  ...{ hub: 'image-stream', partition: '2', offset: '4096' },
  enqueuedAt: new Date('2026-01-02T03:04:05.006Z'),
  ...{ key: 'ann', value: Buffer.from('x'), headers: {}, ...facts },
});
const json = (event: object) => Buffer.from(JSON.stringify(event));
const byPlace = deriveImageId('record', 'image-stream', '2', '4096', '2026-01-02T03:04:05.006Z');
const id = randomImageId();

describe('a record that is no message', () => {
  test.each<[string, string, Partial<IncomingRecord>]>([
    [
      'a CloudEvent of another type',
      deriveImageId('cloudevent', '/shop', 'e-1'),
      { headers: { ce_id: 'e-1', ce_source: '/shop', ce_type: 'other' } },
    ],
    [
      'with too many headers',
      deriveImageId('cloudevent', '/shop', 'e-1'),
      {
        headers: {
          ...Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`h${index}`, 'x'])),
          ce_id: 'e-1',
          ce_source: '/shop',
        },
      },
    ],
    [
      'an event in JSON without data',
      deriveImageId('cloudevent', '/shop', 'e-1'),
      { value: json({ id: 'e-1', source: '/shop' }) },
    ],
    [
      'a chunk without digest',
      deriveImageId('chunks', 'ann', 'c-1'),
      { headers: { 'chunk-id': 'c-1', 'chunk-index': '0' } },
    ],
    [
      'an event of another type about stored bytes',
      id,
      { value: json({ id, source: '/x', dataref: `raw/${id}` }) },
    ],
    [
      'a CloudEvent of another type with the longest id',
      deriveImageId('cloudevent', '/shop', 'e'.repeat(256)),
      { headers: { ce_id: 'e'.repeat(256), ce_source: '/shop' } },
    ],
    ['an id that is too long', byPlace, { headers: { ce_id: 'e'.repeat(257), ce_source: '/shop' } }],
    [
      'a chunk without digest with the longest id',
      deriveImageId('chunks', 'ann', 'c'.repeat(256)),
      { headers: { 'chunk-id': 'c'.repeat(256) } },
    ],
    ['a chunk-id that is too long', byPlace, { headers: { 'chunk-id': 'c'.repeat(257) } }],
    ['a CloudEvent without source', byPlace, { headers: { ce_id: 'e-1' } }],
    ['a JSON array', byPlace, { value: Buffer.from('[1]') }],
    ['nothing at all', byPlace, { value: Buffer.alloc(0) }],
  ])('is of the image that it names, or of one named by its place: %s', (_title, imageId, facts) => {
    expect(unreadImage(record(facts))).toMatchObject({
      ...{ imageId, owner: 'ann', source: 'kafka', uploadedAt: record().enqueuedAt },
    });
  });

  test.each<[string, string, Partial<IncomingRecord>]>([
    ['its key', 'ann', {}],
    [
      'its subject, where it has no key',
      'berta',
      { key: undefined, headers: { ce_subject: 'berta', ce_id: 'e' } },
    ],
    ['the subject in its JSON', 'berta', { key: undefined, value: json({ subject: 'berta' }) }],
    ['nobody, where the key is too long', 'unknown', { key: 'k'.repeat(257) }],
    ['nobody, where there is none', 'unknown', { key: undefined }],
  ])('is owned by %s', (_title, owner, facts) => {
    expect(unreadImage(record(facts)).owner).toBe(owner);
  });

  test('has an image and an owner whatever it is', () => {
    const anyRecord = fc.record({
      key: fc.option(fc.string({ maxLength: 400, unit: 'binary' }), { nil: undefined }),
      value: fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      headers: fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom('ce_id', 'ce_source', 'chunk-id', '__proto__')),
        fc.oneof(fc.string(), fc.uint8Array()),
      ),
    });
    fc.assert(
      fc.property(anyRecord, (facts) => {
        const { imageId, owner } = unreadImage(record(facts));
        expect(isImageId(imageId)).toBe(true);
        expect(owner.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});
