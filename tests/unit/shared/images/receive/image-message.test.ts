import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { DarkroomError } from '../../../../../shared/platform/errors.ts';
import { deriveImageId, randomImageId } from '../../../../../shared/platform/image-id.ts';
import { imageReceivedEvent } from '../../../../../shared/images/store/image-received-event.ts';
import { parseImageMessage } from '../../../../../shared/images/receive/image-message.ts';
import type { Headers, IncomingRecord } from '../../../../../shared/stream/record.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const jpeg = Buffer.from(`ffd8ffe000104a464946${'00'.repeat(80)}`, 'hex');
const sha = 'ab'.repeat(32);

const record = (facts: Partial<IncomingRecord> = {}): IncomingRecord => ({
  ...{
    hub: 'image-stream',
    partition: '2',
    offset: '4096',
    enqueuedAt: new Date('2026-01-02T03:04:05.006Z'),
  },
  ...{ key: 'ann', value: png, headers: {}, ...facts },
});
const binary = {
  ce_id: 'e-1',
  ce_source: '/shop',
  ce_type: 'darkroom.image.received',
  'content-type': 'image/png',
};
const chunk = { 'chunk-id': 'c-1', 'chunk-index': '0', 'chunk-count': '3', sha256: sha };
const json = (event: object) => Buffer.from(JSON.stringify(event));
const event = { specversion: '1.0', type: 'darkroom.image.received', source: '/shop', id: 'e-1' };
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

/** Each way in which a transport may show what a producer wrote as text. */
const transports: readonly (readonly [string, (headers: Record<string, string>) => Headers])[] = [
  ['text', (headers) => headers],
  ['bytes', (headers) => mapped(headers, (value) => Buffer.from(value))],
  ['base64 of bytes', (headers) => mapped(headers, (value) => Buffer.from(value).toString('base64'))],
];
const mapped = (headers: Record<string, string>, change: (value: string) => string | Uint8Array): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));

const codeOf = (of: IncomingRecord): string => {
  try {
    parseImageMessage(of);
    return 'none';
  } catch (error) {
    return error instanceof DarkroomError ? error.code : `not ours: ${String(error)}`;
  }
};

describe.each(transports)('headers as %s', (_title, as) => {
  test('a CloudEvent in binary mode is its value, with an id from source and id', () => {
    expect(parseImageMessage(record({ headers: as(binary) }))).toMatchObject({
      form: 'binary',
      imageId: deriveImageId('cloudevent', '/shop', 'e-1'),
      owner: 'ann',
      bytes: png,
    });
  });

  test('a CloudEvent in structured mode is its data_base64, with the same id as in binary mode', () => {
    const value = json({ ...event, data_base64: png.toString('base64') });
    expect(parseImageMessage(record({ value, headers: as(structured) }))).toMatchObject({
      form: 'structured',
      imageId: deriveImageId('cloudevent', '/shop', 'e-1'),
      bytes: png,
    });
  });

  test('a chunk is known by its headers, and its image by owner and chunk-id', () => {
    expect(parseImageMessage(record({ headers: as(chunk) }))).toMatchObject({
      form: 'chunk',
      imageId: deriveImageId('chunks', 'ann', 'c-1'),
      chunk: { chunkId: 'c-1', index: 0, count: 3, sha256: sha },
    });
  });

  test('a chunk-id has at most 256 units', () => {
    const longest = '😼'.repeat(128);
    expect(parseImageMessage(record({ headers: as({ ...chunk, 'chunk-id': longest }) }))).toMatchObject({
      imageId: deriveImageId('chunks', 'ann', longest),
    });
    expect(codeOf(record({ headers: as({ ...chunk, 'chunk-id': `${longest}c` }) }))).toBe(
      'message-malformed',
    );
  });

  test('a bare value is known by its place, so that a redelivery is the same image', () => {
    const parsed = parseImageMessage(record({ headers: as({ 'content-type': 'image/png' }) }));
    const imageId = deriveImageId('record', 'image-stream', '2', '4096', '2026-01-02T03:04:05.006Z');
    expect(parsed).toMatchObject({ form: 'bare', imageId, owner: 'ann', bytes: png });
  });
});

describe('names', () => {
  test('of headers have no case, and AMQP prefixes mean the same', () => {
    const headers = {
      CE_ID: 'e-1',
      'cloudEvents:source': '/shop',
      cloudEvents_type: 'darkroom.image.received',
    };
    expect(parseImageMessage(record({ headers }))).toMatchObject({
      form: 'binary',
      imageId: deriveImageId('cloudevent', '/shop', 'e-1'),
    });
  });

  test('of the owner: the key, else the subject, else unknown', () => {
    const ownerOf = (key: string | undefined, headers: Headers) =>
      parseImageMessage(record({ key, headers })).owner;
    expect(ownerOf('ann', { ...binary, ce_subject: 'bob' })).toBe('ann');
    expect(ownerOf(undefined, { ...binary, ce_subject: 'bob' })).toBe('bob');
    expect(ownerOf(undefined, binary)).toBe('unknown');
    expect(codeOf(record({ key: 'a\nb' }))).toBe('message-malformed');
    expect(codeOf(record({ key: 'a'.repeat(257) }))).toBe('message-malformed');
  });
});

describe('claim checks', () => {
  test('the one that upload sends is read back', () => {
    const imageId = randomImageId();
    const sent = imageReceivedEvent({ imageId, owner: 'ann', correlationId: 'corr-1', at: new Date() });
    const parsed = parseImageMessage(record({ value: sent.value, headers: sent.headers ?? {} }));
    expect(parsed).toEqual({ form: 'claim-check', imageId, owner: 'ann', correlationId: 'corr-1' });
  });

  const id = randomImageId();
  test.each([
    ['another image', `raw/${randomImageId()}`],
    ['another container', `processed/${id}`],
    ['a web address', `https://store.example/raw/${id}`],
    ['this machine', 'http://169.254.169.254/metadata'],
    ['a path out of it', `raw/../${id}`],
    ['a file', 'file:///etc/passwd'],
  ])('a dataref to %s is refused', (_title, dataref) => {
    expect(codeOf(record({ value: json({ ...event, id, dataref }) }))).toBe('message-unsupported');
  });

  test('an id that is no image id is refused even when dataref agrees with it', () => {
    expect(codeOf(record({ value: json({ ...event, id: '../x', dataref: 'raw/../x' }) }))).toBe(
      'message-unsupported',
    );
  });
});

describe('what is refused', () => {
  const data = { data_base64: png.toString('base64') };
  test.each<[string, string, Partial<IncomingRecord>]>([
    ['an empty value', 'empty-body', { value: Buffer.alloc(0) }],
    ['an empty data_base64', 'empty-body', { value: json({ ...event, data_base64: '' }) }],
    ['JSON that is no CloudEvent', 'message-malformed', { value: json({ hello: 'world' }) }],
    ['JSON that ends early', 'message-malformed', { value: Buffer.from('{"specversion":"1.0"') }],
    ['bytes announced as a CloudEvent', 'message-malformed', { headers: structured }],
    ['a CloudEvent without an image', 'message-malformed', { value: json(event) }],
    ['a CloudEvent with two', 'message-malformed', { value: json({ ...event, ...data, dataref: 'raw/x' }) }],
    ['data_base64 that is none', 'message-malformed', { value: json({ ...event, data_base64: '***' }) }],
    [
      'another event type',
      'message-unsupported',
      { value: json({ ...event, ...data, type: 'other.thing' }) },
    ],
    [
      'another specversion',
      'message-unsupported',
      { value: json({ ...event, ...data, specversion: '2.0' }) },
    ],
    [
      'another type in binary mode',
      'message-unsupported',
      { headers: { ...binary, ce_type: 'other.thing' } },
    ],
    ['binary mode without id', 'message-malformed', { headers: { ...binary, ce_id: '' } }],
    ['a chunk without digest', 'message-malformed', { headers: { ...chunk, sha256: '' } }],
    ['a chunk behind the count', 'message-malformed', { headers: { ...chunk, 'chunk-index': '3' } }],
    ['a chunk with a negative index', 'message-malformed', { headers: { ...chunk, 'chunk-index': '-1' } }],
    ['no chunks at all', 'message-malformed', { headers: { ...chunk, 'chunk-count': '0' } }],
    ['absurdly many chunks', 'message-malformed', { headers: { ...chunk, 'chunk-count': '10001' } }],
    ['a digest that is none', 'message-malformed', { headers: { sha256: 'abc' } }],
    ['a header of 9 kB', 'message-malformed', { headers: { 'x-long': 'x'.repeat(9_000) } }],
    ['a header name of 300 bytes', 'message-malformed', { headers: { ['x'.repeat(300)]: '' } }],
    [
      '65 headers',
      'message-malformed',
      { headers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`h${i}`, ''])) },
    ],
    [
      '40 kB of headers',
      'message-malformed',
      { headers: Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`h${i}`, 'x'.repeat(8_000)])) },
    ],
  ])('%s is %s', (_title, code, facts) => {
    expect(codeOf(record(facts))).toBe(code);
  });
});

describe('an envelope that is not spoken', () => {
  const send = 'Send one image a record: its bytes as the value';
  const of = (contentType: string) => ({ headers: { 'content-type': contentType } });
  const picture = jpeg.toString('base64');
  test.each<[string, Partial<IncomingRecord>]>([
    ['a batch of CloudEvents', of('application/cloudevents-batch+json')],
    ['a CloudEvent in Avro', of('application/cloudevents+avro')],
    ['a CloudEvent in Protobuf', of('application/cloudevents+protobuf')],
    ['a CloudEvent in XML', of('application/cloudevents+xml; charset=utf-8')],
    ['a batch in Protobuf', of('application/cloudevents-batch+protobuf')],
    ['a CloudEvent of no format', of('application/cloudevents')],
    ['a JSON array', { value: Buffer.from('[{"id":1}]') }],
    ['a JSON array behind spaces', { value: Buffer.from('\ufeff \r\n[1]') }],
    ['a JSON array in a CloudEvent', { value: Buffer.from('[1]'), headers: binary }],
    ['a JSON text', { value: Buffer.from('"an image"') }],
    ['JSON by its type', { value: Buffer.from('17'), ...of('application/json') }],
    ['JSON of a vendor by its type', { value: Buffer.from('17'), ...of('application/vnd.shop+json') }],
    ['Avro by its type', { value: Buffer.from([0, 1]), ...of('application/vnd.apache.avro') }],
    ['Avro of a registry by its type', { value: Buffer.from([0, 1]), ...of('avro/binary') }],
    ['a JSON array in UTF-16', { value: Buffer.from('\ufeff[{"id":1}]', 'utf16le') }],
    ['a JSON object in UTF-16, big endian', { value: Buffer.from('\ufeff{"id":1}', 'utf16le').swap16() }],
    ['an Avro file', { value: Buffer.from('Obj\u0001...') }],
    ['Protobuf by its type', { value: Buffer.from([8, 1]), ...of('application/x-protobuf') }],
    ['an XML CloudEvent', { value: Buffer.from('<event xmlns="http://cloudevents.io/xmlformat/V1"/>') }],
    ['a data URL', { value: Buffer.from('data:image/png;base64,iVBORw0KGgo=') }],
    ['a JPEG in base64', { value: Buffer.from(picture) }],
    ['a JPEG in base64 of addresses', { value: Buffer.from(jpeg.toString('base64url')) }],
    ['a JPEG in hexadecimal digits', { value: Buffer.from(jpeg.toString('hex')) }],
    ['a JPEG, compressed', { value: gzipSync(jpeg) }],
    ['a JPEG behind the id of a schema', { value: Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 8]), jpeg]) }],
    ['a PNG in MessagePack', { value: Buffer.concat([Buffer.from('\x81\xa4data\xc4\xff', 'latin1'), png]) }],
    ['an XML document', { value: Buffer.from('<?xml version="1.0"?><image>iVBORw0KGgo</image>') }],
    ['a JSON value', { value: Buffer.from('null\n') }],
    [
      'a multipart form',
      { value: Buffer.from('--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n--b--') },
    ],
  ])('%s is refused with what to send', (_title, facts) => {
    const value = facts.value ?? Buffer.from('anything');
    expect(() => parseImageMessage(record({ ...facts, value }))).toThrow(
      expect.objectContaining({ code: 'message-unsupported', message: expect.stringContaining(send) }),
    );
  });

  test.each(['application/json', 'avro/binary', 'application/x-protobuf', 'multipart/form-data'])(
    'is not what an image is that comes as %s',
    (contentType) => {
      expect(parseImageMessage(record(of(contentType)))).toMatchObject({ form: 'bare', bytes: png });
    },
  );

  test.each(['just words', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%PDF-1.7', 'PK\u0003\u0004'])(
    'is not what is no image either: %s is left to be rejected',
    (value) =>
      expect(parseImageMessage(record({ value: Buffer.from(value) }))).toMatchObject({ form: 'bare' }),
  );
});

describe('any record', () => {
  const headerName = fc.oneof(
    fc.constantFrom(
      ...Object.keys({ ...binary, ...chunk }),
      'CE_ID',
      'ce_specversion',
      'ce_subject',
      '__proto__',
    ),
    fc.string(),
  );
  const headerValue = fc.oneof(
    fc.string(),
    fc.uint8Array(),
    fc.constantFrom('1.0', 'image/png', 'application/cloudevents+json', '3', sha),
  );
  const anyJson = fc.json().map((text) => Buffer.from(text));
  const nearlyEvent = fc
    .record(
      {
        specversion: fc.constantFrom('1.0', '2'),
        type: fc.constantFrom(event.type, 'x'),
        source: fc.string(),
        id: fc.string(),
        data_base64: fc.base64String(),
        dataref: fc.webUrl(),
      },
      { requiredKeys: [] },
    )
    .map(json);
  const anyRecord = fc.record({
    key: fc.option(fc.string(), { nil: undefined }),
    value: fc.oneof(fc.uint8Array(), anyJson, nearlyEvent),
    headers: fc.dictionary(headerName, headerValue),
  });

  test('is either understood, with an image id, or refused by an error of ours that no retry can help', () => {
    fc.assert(
      fc.property(anyRecord, (facts) => {
        try {
          expect(parseImageMessage(record(facts)).imageId).toMatch(
            /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(DarkroomError);
          expect((error as DarkroomError).retryable).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('in binary mode comes through with its bytes, id, source and owner, whichever transport', () => {
    const word = fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(
        word,
        word,
        fc.uint8Array().map((bytes) => Buffer.concat([png, bytes])),
        fc.nat({ max: 2 }),
        (id, source, value, way) => {
          const headers = transports[way]![1]({ ...binary, ce_id: id, ce_source: source });
          const parsed = parseImageMessage(record({ value, headers }));
          expect(parsed).toMatchObject({
            form: 'binary',
            imageId: deriveImageId('cloudevent', source, id),
            bytes: value,
          });
        },
      ),
    );
  });
});
