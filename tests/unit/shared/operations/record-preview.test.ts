import { describe, expect, test } from '@jest/globals';
import { previewOf } from '../../../../shared/operations/record-preview.ts';

const of = (value: Uint8Array, headers = {}, key?: string) =>
  previewOf({ key, value, headers, enqueuedAt: new Date(0) });

describe('what is shown of a record', () => {
  test('of bytes is how many there are and how they begin', () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    expect(of(png)).toEqual({
      ...{ bytes: 16, contentType: null, headers: [], hasKey: false, fields: null },
      begins: '89504e470d0a1a0a0000000d',
    });
  });

  test('of a JSON object is the names of its fields, and none of its words', () => {
    const preview = of(Buffer.from('{"subject":"ann","id":1}'), { ce_subject: 'ann' }, 'ann');
    expect(preview).toEqual({
      ...{ bytes: 24, contentType: null, headers: ['ce_subject'], hasKey: true },
      ...{ begins: '7b', fields: ['subject', 'id'] },
    });
  });

  test.each([
    ['what only begins like one', '{"subject":'],
    ['a list', '["a"]'],
    ['a number', '17'],
    ['nothing', ''],
  ])('of %s is its first bytes', (_title, text) => {
    const begins = Buffer.from(text).subarray(0, 12).toString('hex');
    expect(of(Buffer.from(text))).toMatchObject({ fields: null, begins });
  });

  test('of an object over a mebibyte is its first bytes: it is not parsed for that', () => {
    const sized = (bytes: number) => Buffer.from(`{"a":"${'x'.repeat(bytes - 8)}"}`);
    expect(of(sized(1_048_576)).fields).toEqual(['a']);
    expect(of(sized(1_048_577)).fields).toBeNull();
  });

  test('has the content type, whether it came plain or as base64 of a Kafka header', () => {
    expect(of(Buffer.from('x'), { 'Content-Type': 'image/png' }).contentType).toBe('image/png');
    const wrapped = Buffer.from('image/gif').toString('base64');
    expect(of(Buffer.from('x'), { 'content-type': wrapped }).contentType).toBe('image/gif');
  });

  test('has no content type where its headers cannot be read', () => {
    const headers = { 'content-type': 'image/png', big: 'x'.repeat(100_000) };
    expect(of(Buffer.from('x'), headers)).toMatchObject({
      contentType: null,
      headers: ['content-type', 'big'],
    });
  });
});
