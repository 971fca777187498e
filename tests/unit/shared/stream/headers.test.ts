import { describe, expect, test } from '@jest/globals';
import { readHeaders } from '../../../../shared/stream/headers.ts';
import type { Headers } from '../../../../shared/stream/record.ts';

const asObject = (headers: Headers) => Object.fromEntries(readHeaders(headers));
const wrapped = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
  );
const malformed = expect.objectContaining({ code: 'message-malformed' });

describe('headers', () => {
  test('are texts by lower-case names, whether they came as texts or as bytes', () => {
    expect(asObject({ 'Content-Type': Buffer.from('image/png'), CE_ID: 'e-1' })).toEqual({
      'content-type': 'image/png',
      ce_id: 'e-1',
    });
  });

  test.each(['ce_id', 'cloudEvents:id', 'cloudEvents_id', 'CLOUDEVENTS:ID'])(
    '%s is the id of a CloudEvent',
    (name) => expect(asObject({ [name]: 'e-1' })).toEqual({ ce_id: 'e-1' }),
  );

  test('whose names only hold the prefix of AMQP somewhere keep them', () => {
    expect(asObject({ 'x-cloudevents:id': 'e-1' })).toEqual({ 'x-cloudevents:id': 'e-1' });
  });
});

describe('headers of a Kafka record, which the trigger shows as base64,', () => {
  test.each([
    ['content-type', 'image/jpeg'],
    ['content-type', 'application/cloudevents+json; charset=utf-8'],
    ['content-type', 'IMAGE/PNG'],
    ['ce_specversion', '1.0'],
    ['ce_specversion', '10.12'],
    ['ce_type', 'darkroom.image.received'],
    ['ce_type', 'com.example.some-thing.v1'],
    ['chunk-index', '0'],
    ['chunk-count', '999999999'],
    ['sha256', 'a'.repeat(64)],
  ])('are read as what they say where %s tells it by %s', (name, value) => {
    const headers = { [name]: value, other: 'some words' };
    expect(asObject(wrapped(headers))).toEqual(headers);
  });

  test('stay as they are where one is plain: what is base64 among them is meant so', () => {
    const headers = { 'content-type': 'image/jpeg', token: Buffer.from('words').toString('base64') };
    expect(asObject(headers)).toEqual(headers);
  });

  test.each([
    ['x-correlation-id', 'order-4711'],
    ['x-correlation-id', '0b7e6d7c-6f0a-4d4e-9a55-2f2a86f1a1c1'],
    ['content-type', 'not a type'],
    ['ce_type', 'one'],
    ['sha256', 'a'.repeat(63)],
    ['anything-else', 'Grüße, 東京'],
  ])('are read as what they say though nothing but %s is there: %s', (name, value) => {
    expect(asObject(wrapped({ [name]: value }))).toEqual({ [name]: value });
  });

  test.each([
    ['base64 of no text', { token: 'abcd1234' }],
    ['base64 of control characters', { token: Buffer.from([0, 1, 2]).toString('base64') }],
    ['base64 beside a text', { token: Buffer.from('words').toString('base64'), note: 'some words' }],
    ['nothing', { empty: '' }],
  ])('stay as they are where one is %s and none is known', (_title, headers) => {
    expect(asObject(headers)).toEqual(headers);
  });

  test('keep beside them what is no base64 at all', () => {
    const headers = { ...wrapped({ 'content-type': 'image/png' }), note: 'not base64!', short: 'YQ' };
    expect(asObject(headers)).toEqual({ 'content-type': 'image/png', note: 'not base64!', short: 'YQ' });
  });
});

describe('the limits of headers', () => {
  const many = (count: number, value = 'x') =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, value]));

  test.each([
    ['64 headers', many(64)],
    ['a name of 256 bytes', { ['n'.repeat(256)]: 'x' }],
    ['a value of 8,192 bytes', { name: 'x'.repeat(8_192) }],
    ['a value of 8,192 bytes that is no text', { name: Buffer.alloc(8_192) }],
    ['32,768 bytes together', many(4, 'x'.repeat(8_190))],
  ])('let %s pass', (_title, headers) => {
    expect(readHeaders(headers).size).toBe(Object.keys(headers).length);
  });

  test.each([
    ['65 headers', many(65)],
    ['a name of 257 bytes', { ['n'.repeat(257)]: 'x' }],
    ['a name of 129 letters of two bytes', { ['\u00e9'.repeat(129)]: 'x' }],
    ['a value of 8,193 bytes', { name: 'x'.repeat(8_193) }],
    ['a value of 8,193 bytes that is no text', { name: Buffer.alloc(8_193) }],
    ['a value of 4,097 letters of two bytes', { name: '\u00e9'.repeat(4_097) }],
    ['32,769 bytes together', { ...many(4, 'x'.repeat(8_190)), a: '' }],
  ])('refuse %s', (_title, headers) => {
    expect(() => readHeaders(headers)).toThrow(malformed);
  });
});
