import { sniff } from '../process/header/sniff.ts';

type Recognise = (text: string, contentType: string) => boolean;

/** How many first bytes tell an envelope. */
const lookBytes = 1_024;

const isBase64Image = (text: string): boolean =>
  /^[A-Za-z0-9+/=\s]{64,}$/.test(text) && 'type' in sniff(Buffer.from(text.slice(0, 64), 'base64'));

/** What producers wrap images in and we do not speak, by what it is called in the dead letter. */
const envelopes: readonly (readonly [name: string, recognise: Recognise])[] = [
  ['a JSON array', (text) => text.startsWith('[')],
  ['a JSON text', (text) => /^"[^"]*"/.test(text)],
  ['a base64 text', (text) => /^data:[\w/+.-]*(;[\w=.-]+)*,/.test(text) || isBase64Image(text)],
  ['an XML CloudEvent', (text) => text.includes('http://cloudevents.io/xmlformat')],
  ['a multipart form', (text) => /^--[^\r\n]{1,70}\r?\n[\s\S]*content-disposition:/i.test(text)],
  ['an Avro file', (text) => text.startsWith('Obj\u0001')],
  ['JSON', (_text, type) => /^(application|text)\/(.*\+)?json$/.test(type)],
  ['Avro', (_text, type) => /(^avro\/|[/+]|\.)(x-)?avro$/.test(type) || type.startsWith('avro/')],
  ['Protobuf', (_text, type) => /protobuf|[/.-]proto$/.test(type)],
  ['a multipart form', (_text, type) => type.startsWith('multipart/')],
  ['a form', (_text, type) => type === 'application/x-www-form-urlencoded'],
  ['MessagePack', (_text, type) => /msgpack|messagepack|cbor/.test(type)],
];

/** The name of the envelope that a value is in; undefined for an image, and for what nobody would take for one. */
export function envelopeOf(value: Uint8Array, contentType: string): string | undefined {
  if ('type' in sniff(value)) return undefined;
  const text = Buffer.from(value.subarray(0, lookBytes))
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  return envelopes.find(([, recognise]) => recognise(text, contentType))?.[0];
}
