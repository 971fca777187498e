import { describe, expect, test } from '@jest/globals';
import { randomImageId } from '../../../../shared/platform/image-id.ts';
import { datarefOf, readBinaryEvent, readStructuredEvent } from '../../../../shared/stream/cloud-event.ts';

const type = 'darkroom.image.received';
const required = { specversion: '1.0', type, id: 'e-1', source: '/app' };
const asBytes = (event: object) => Buffer.from(JSON.stringify(event));
const malformed = (message: RegExp) =>
  expect.objectContaining({ code: 'message-malformed', message: expect.stringMatching(message) });
const unsupported = (message: RegExp) =>
  expect.objectContaining({ code: 'message-unsupported', message: expect.stringMatching(message) });

describe('a CloudEvent in binary mode', () => {
  const read = (headers: Record<string, string>) => readBinaryEvent(new Map(Object.entries(headers)));
  const headers = { ce_type: type, ce_id: 'e-1', ce_source: '/app' };

  test('is its attributes, and nothing else that came with it', () => {
    const optional = { ce_subject: 'ann', ce_correlationid: 'c-1', ce_traceparent: '00-1', other: 'x' };
    expect(read({ ...headers, ce_specversion: '1.0', ...optional })).toEqual({
      ...required,
      ...{ subject: 'ann', correlationid: 'c-1' },
    });
  });

  test('may leave its specversion out, which then is 1.0', () => {
    expect(read(headers)).toEqual(required);
  });

  test.each([
    ['another specversion', { ce_specversion: '0.3' }, unsupported(/1\.0/)],
    ['another type', { ce_type: 'com.example.other' }, unsupported(/darkroom\.image\.received/)],
    ['an empty id', { ce_id: '' }, malformed(/look at id\b/)],
    ['an empty source', { ce_source: '' }, malformed(/look at source\b/)],
    ['an id of more than 256 units', { ce_id: 'x'.repeat(257) }, malformed(/look at id\b/)],
    ['an id of more than 256 units in pairs', { ce_id: `${'😼'.repeat(128)}x` }, malformed(/look at id\b/)],
    ['a source of more than 1,024', { ce_source: 'x'.repeat(1_025) }, malformed(/look at source\b/)],
    ['an id that is no UTF-8', { ce_id: Buffer.from([1, 255]).toString() }, malformed(/look at id\b/)],
    ['a control character in its source', { ce_source: '/a\u0000' }, malformed(/look at source\b/)],
    ['half of a pair in its subject', { ce_subject: 'a\ud800' }, malformed(/look at subject\b/)],
    ['a correlation id over 256', { ce_correlationid: 'x'.repeat(257) }, malformed(/correlationid/)],
  ])('with %s is refused by name', (_title, wrong, error) => {
    expect(() => read({ ...headers, ...wrong })).toThrow(error);
  });

  test('names every attribute that it lacks', () => {
    expect(() => read({})).toThrow(malformed(/look at type, id, source\./));
  });

  test('takes attributes as long as they may be', () => {
    const long = {
      ...{ ce_id: '😼'.repeat(128), ce_source: 'x'.repeat(1_024), ce_correlationid: 'y'.repeat(256) },
    };
    expect(read({ ...headers, ...long })).toMatchObject({
      id: long.ce_id,
      source: long.ce_source,
      correlationid: long.ce_correlationid,
    });
  });
});

describe('a CloudEvent in structured mode', () => {
  test('holds the bytes themselves in base64', () => {
    const bytes = Buffer.from([0, 1, 254, 255]);
    const event = { ...required, data_base64: bytes.toString('base64'), extra: true };
    expect(readStructuredEvent(asBytes(event))).toEqual({ ...required, bytes });
  });

  test('may hold no bytes at all, which are for the check to refuse', () => {
    expect(readStructuredEvent(asBytes({ ...required, data_base64: '' }))).toEqual({
      ...required,
      bytes: Buffer.alloc(0),
    });
  });

  test('or a claim check on the image that it is named after', () => {
    const id = randomImageId();
    const event = { ...required, id, dataref: datarefOf(id) };
    expect(datarefOf(id)).toBe(`raw/${id}`);
    expect(readStructuredEvent(asBytes(event))).toEqual({ ...required, id, imageId: id });
  });

  const id = randomImageId();
  test.each([
    ['another image', { id, dataref: `raw/${randomImageId()}` }],
    ['another container', { id, dataref: `processed/${id}` }],
    ['an address elsewhere', { id, dataref: `https://example.com/raw/${id}` }],
    ['what is no image id', { id: '../secret', dataref: 'raw/../secret' }],
  ])('cannot claim %s', (_title, claim) => {
    expect(() => readStructuredEvent(asBytes({ ...required, ...claim }))).toThrow(unsupported(/raw\/\{id\}/));
  });

  test.each([
    ['neither bytes nor a claim check', {}, malformed(/either data_base64 or dataref/)],
    ['both', { data_base64: 'AA==', dataref: 'raw/x' }, malformed(/either data_base64 or dataref/)],
    ['bytes that are no base64', { data_base64: 'not base64!' }, malformed(/data_base64/)],
    ['an id over 256 units', { id: 'x'.repeat(257), data_base64: 'AA==' }, malformed(/look at id\b/)],
    ['a dataref over 1,024 characters', { dataref: 'x'.repeat(1_025) }, malformed(/dataref/)],
    ['another type', { type: 'other', data_base64: 'AA==' }, unsupported(/type/)],
  ])('with %s is refused', (_title, data, error) => {
    expect(() => readStructuredEvent(asBytes({ ...required, ...data }))).toThrow(error);
  });

  test.each([
    ['no JSON', 'not JSON', malformed(/not valid JSON/)],
    ['a list', '[]', malformed(/the event/)],
    ['null', 'null', malformed(/the event/)],
  ])('that is %s is refused', (_title, text, error) => {
    expect(() => readStructuredEvent(Buffer.from(text))).toThrow(error);
  });
});
