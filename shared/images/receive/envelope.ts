import { sniff } from '../process/header/sniff.ts';

type Recognise = (text: string, contentType: string, latin1: string) => boolean;

/** How many first bytes tell an envelope. */
const lookBytes = 1_024;

const isImageIn = (encoding: 'base64' | 'hex', alphabet: RegExp) => (text: string) =>
  alphabet.test(text) && 'type' in sniff(Buffer.from(text.slice(0, 64), encoding));
const isBase64Image = isImageIn('base64', /^[A-Za-z0-9+/=_\s-]{64,}$/);
const isHexImage = isImageIn('hex', /^[0-9a-f]{64,}\s*$/i);

const gzipOrZstd = ['\x1f\x8b', '\x28\xb5\x2f\xfd'];

/** Behind other bytes, as serializers put it: Avro, Protobuf and MessagePack do not always say so. */
const holdsImage = /[^](\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF[^]{4}WEBP|ftyp(avif|hei[cx]))/;

/** What producers wrap images in and we do not speak, by what it is called in the dead letter. */
const envelopes: readonly (readonly [name: string, recognise: Recognise])[] = [
  ['a JSON array', (text) => text.startsWith('[')],
  ['a JSON text', (text) => /^"[^"]*"/.test(text)],
  ['a base64 text', (text) => /^data:[\w/+.-]*(;[\w=.-]+)*,/.test(text) || isBase64Image(text)],
  ['an XML CloudEvent', (text) => text.includes('http://cloudevents.io/xmlformat')],
  ['an XML document', (text) => /^<[?a-z]/i.test(text) && !/<(svg|html)[\s>]/i.test(text)],
  ['JSON in UTF-16', (_text, _type, latin1) => /^(\xff\xfe[[{"]\0|\xfe\xff\0[[{"])/.test(latin1)],
  ['a JSON value', (text) => /^(null|true|false|-?\d+(\.\d+)?)\s*$/.test(text)],
  ['a hexadecimal text', isHexImage],
  ['compressed', (_text, _type, latin1) => gzipOrZstd.some((magic) => latin1.startsWith(magic))],
  ['a multipart form', (text) => /^--[^\r\n]{1,70}\r?\n[\s\S]*content-disposition:/i.test(text)],
  ['an Avro file', (text) => text.startsWith('Obj\u0001')],
  ['JSON', (_text, type) => /^(application|text)\/(.*\+)?json$/.test(type)],
  ['Avro', (_text, type) => /(^avro\/|[/+]|\.)(x-)?avro$/.test(type) || type.startsWith('avro/')],
  ['Protobuf', (_text, type) => /protobuf|[/.-]proto$/.test(type)],
  ['a multipart form', (_text, type) => type.startsWith('multipart/')],
  ['a form', (_text, type) => type === 'application/x-www-form-urlencoded'],
  ['MessagePack', (_text, type) => /msgpack|messagepack|cbor/.test(type)],
  ['an image in another format', (_text, _type, latin1) => holdsImage.test(latin1)],
];

/** The name of the envelope that a value is in; undefined for an image, and for what nobody would take for one. */
export function envelopeOf(value: Uint8Array, contentType: string): string | undefined {
  const found = sniff(value);
  // A camera's raw file holds a picture, and is told what it is.
  if ('type' in found || found.refused.code === 'raw-not-supported') return undefined;
  const first = Buffer.from(value.subarray(0, lookBytes));
  const text = first
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  return envelopes.find(([, recognise]) => recognise(text, contentType, first.toString('latin1')))?.[0];
}
