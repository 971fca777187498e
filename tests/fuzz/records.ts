import { createHash } from 'node:crypto';
import type { OutgoingEvent } from '../../shared/stream/record.ts';
import { below } from '../support/random.ts';

type Random = () => number;

const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;
const bytesOf = (random: Random, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, () => below(random, 256)));
const text = (random: Random, length: number): string =>
  Array.from({ length }, () =>
    String.fromCodePoint(
      pick(random, [0x61, 0x20, 0x7f, 0, 0xe9, 0x4e2d, 0x1f63c, 0xd800, 0xfffd, 0x27, 0x22, 0x0a]),
    ),
  ).join('');

/** Lengths around every limit that a record meets. */
const lengths = [0, 1, 2, 31, 64, 127, 128, 129, 199, 200, 201, 255, 256, 257, 1_023, 1_024, 1_025];
const longLengths = [...lengths, 8_191, 8_192, 8_193, 33_000, 120_000];

const contentTypes = [
  'image/png',
  'image/jpeg',
  'IMAGE/PNG; a=b',
  'application/cloudevents+json',
  'application/cloudevents+json; charset=utf-8',
  'application/cloudevents-batch+json',
  'application/cloudevents+avro',
  'application/cloudevents+xml',
  'application/json',
  'avro/binary',
  'application/x-protobuf',
  'text/plain',
  'multipart/form-data; boundary=b',
  '',
  'x',
  '/',
];

function keyOf(random: Random): Buffer | null {
  const kind = below(random, 5);
  if (kind === 0) return null;
  if (kind === 1) return bytesOf(random, pick(random, lengths));
  if (kind === 2) return Buffer.from(text(random, pick(random, lengths)));
  return Buffer.from('k'.repeat(pick(random, lengths)));
}

function jsonValue(random: Random, image: Buffer, id: string): Buffer {
  const event = {
    specversion: pick(random, ['1.0', '1.0', '0.3', 1]),
    type: pick(random, ['darkroom.image.received', 'darkroom.image.received', 'other', null]),
    source: pick(random, ['/fuzz', '', text(random, 40), 'x'.repeat(1_025)]),
    id: pick(random, [id, '', text(random, 20), 'x'.repeat(1_025), 7]),
    subject: pick(random, [undefined, 'ann', text(random, 300)]),
    ...pick<object>(random, [
      { data_base64: image.toString('base64') },
      { data_base64: '***' },
      { data_base64: '' },
      {},
      { data: 1 },
      { dataref: 'raw/../../etc' },
      { dataref: `raw/${id}` },
      { dataref: 7 },
    ]),
  };
  const whole = Buffer.from(JSON.stringify(event));
  return pick(random, [
    whole,
    whole,
    whole.subarray(0, below(random, whole.length)),
    Buffer.from(JSON.stringify([event])),
  ]);
}

function valueOf(random: Random, image: Buffer, id: string): Buffer {
  const damaged = Buffer.from(image);
  damaged[below(random, damaged.length)] = below(random, 256);
  const kinds: readonly (() => Buffer)[] = [
    () => image,
    () => image.subarray(0, below(random, image.length)),
    () => damaged,
    () => Buffer.alloc(0),
    () => bytesOf(random, pick(random, longLengths)),
    () => jsonValue(random, image, id),
    () => jsonValue(random, image, id),
    () => Buffer.from(text(random, pick(random, lengths))),
    () => Buffer.from(image.toString('base64')),
    () =>
      Buffer.from(
        pick(random, [
          '[1]',
          '"x"',
          '{',
          '{}',
          'null',
          'Obj\u0001',
          '<svg/>',
          '%PDF-1.7',
          'data:image/png;base64,AA==',
        ]),
      ),
    () => Buffer.alloc(pick(random, [300_000, 700_000]), 0x41),
  ];
  return below(random, 60) === 0 ? kinds.at(-1)!() : pick(random, kinds.slice(0, -1))();
}

function headersOf(random: Random, image: Buffer, id: string): Record<string, Buffer> {
  const digest = createHash('sha256').update(image).digest('hex');
  const value = (): string | Buffer =>
    pick<() => string | Buffer>(random, [
      () => id,
      () => '',
      () => '1.0',
      () => text(random, pick(random, lengths)),
      () => 'x'.repeat(pick(random, longLengths)),
      () => bytesOf(random, pick(random, lengths)),
      () => String(below(random, 12)),
      () => digest,
      () => '-1',
    ])();
  const known: Record<string, () => string | Buffer> = {
    'content-type': () => pick(random, contentTypes),
    ce_id: () => pick<() => string | Buffer>(random, [() => id, () => id, value])(),
    ce_source: () => pick<() => string | Buffer>(random, [() => '/fuzz', value])(),
    ce_type: () => pick<() => string | Buffer>(random, [() => 'darkroom.image.received', value])(),
    ce_specversion: () => pick<() => string | Buffer>(random, [() => '1.0', value])(),
    ce_subject: value,
    'chunk-id': () => pick<() => string | Buffer>(random, [() => `set-${below(random, 40)}`, value])(),
    'chunk-index': () => pick<() => string | Buffer>(random, [() => String(below(random, 4)), value])(),
    'chunk-count': () => pick<() => string | Buffer>(random, [() => '3', value])(),
    sha256: () => pick<() => string | Buffer>(random, [() => digest, value])(),
    'x-correlation-id': value,
    ['__proto__']: value,
    [text(random, pick(random, [1, 20, 255, 257]))]: value,
  };
  const names = pick(random, [
    [],
    ['content-type'],
    ['ce_id', 'ce_source', 'ce_type', 'ce_specversion', 'content-type'],
    ['chunk-id', 'chunk-index', 'chunk-count', 'sha256'],
    Object.keys(known).filter(() => below(random, 3) === 0),
  ]);
  const many =
    below(random, 50) === 0
      ? Array.from({ length: pick(random, [63, 64, 65, 300]) }, (_, index) => [`h${index}`, Buffer.from('x')])
      : [];
  return Object.fromEntries([...many, ...names.map((name) => [name, Buffer.from(known[name]!())])]) as Record<
    string,
    Buffer
  >;
}

export interface FuzzRecord {
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: Record<string, Buffer>;
}

/** Records of every length and kind, the same for one seed. Ids come again, with other bytes and other keys. */
export function* fuzzRecords(random: Random, image: Buffer): Generator<FuzzRecord> {
  for (;;) {
    const id = pick(random, [`e-${below(random, 2_000)}`, '0b7e6d7c-6f0a-4d4e-9a55-2f2a86f1a1c1']);
    yield { key: keyOf(random), value: valueOf(random, image, id), headers: headersOf(random, image, id) };
  }
}

/** The same as an AMQP sender would send it: properties of several types, a partition key of its own. */
export const asAmqp = (
  random: Random,
  { value, headers }: FuzzRecord,
): Pick<OutgoingEvent, 'value'> & {
  properties: Record<string, string | number | boolean | Date | Buffer>;
} => ({
  value,
  properties: Object.fromEntries(
    Object.entries(headers).map(([name, bytes]) => [
      name,
      pick<() => string | number | boolean | Date | Buffer>(random, [
        () => bytes.toString('utf8').toWellFormed(),
        () => bytes.toString('utf8').toWellFormed(),
        () => bytes,
        () => below(random, 1_000),
        () => true,
        () => new Date(0),
      ])(),
    ]),
  ),
});
