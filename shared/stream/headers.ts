import { DarkroomError } from '../platform/errors.ts';
import type { Headers, HeaderValue } from './record.ts';

/** What a record's headers may be. Bytes of UTF-8, each and together. */
const headerLimits = {
  maxCount: 64,
  maxNameBytes: 256,
  maxValueBytes: 8_192,
  maxTotalBytes: 32_768,
} as const;

export const imageEventType = 'darkroom.image.received';

/**
 * Headers whose plain form is recognised. The Event Hubs trigger shows headers that a Kafka producer wrote as base64
 * of their bytes, with nothing to tell them from text; these tell it, for all headers of the record.
 */
const probes: readonly (readonly [name: string, plain: RegExp])[] = [
  [
    'content-type',
    /^(image|application|text|multipart|audio|video|font|model|message)\/[\w.+*-]+\s*(;.*)?$/i,
  ],
  ['ce_specversion', /^\d{1,2}\.\d{1,2}$/],
  ['ce_type', /^[a-z0-9]+(\.[a-z0-9_-]+)+$/i],
  ['chunk-index', /^\d{1,9}$/],
  ['chunk-count', /^\d{1,9}$/],
  ['sha256', /^[0-9a-f]{64}$/i],
];

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Text that people and programs write: no control characters, and nothing that was no UTF-8. */
const printable = /^[^\p{Cc}\p{Cs}\p{Cn}\ufffd]+$/u;

const textOf = (value: HeaderValue): string =>
  typeof value === 'string' ? value : Buffer.from(value).toString('utf8');

const unwrapped = (text: string): string | undefined =>
  base64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;

/** A header as its Kafka producer wrote it: bytes, which the trigger shows as base64. */
export const fromKafka = (value: HeaderValue): HeaderValue =>
  typeof value === 'string' && base64.test(value) ? Buffer.from(value, 'base64') : value;

/** CloudEvents attributes have other prefixes over AMQP. */
const nameOf = (name: string): string => name.toLowerCase().replace(/^cloudevents[:_]/, 'ce_');

function checkLimits(headers: Headers): void {
  const entries = Object.entries(headers);
  if (entries.length > headerLimits.maxCount) {
    throw new DarkroomError('message-malformed', `A record may have ${headerLimits.maxCount} headers.`);
  }
  let total = 0;
  for (const [name, value] of entries) {
    const nameBytes = Buffer.byteLength(name);
    const valueBytes = Buffer.byteLength(value);
    total += nameBytes + valueBytes;
    if (nameBytes > headerLimits.maxNameBytes || valueBytes > headerLimits.maxValueBytes) {
      throw new DarkroomError(
        'message-malformed',
        `A header may have a name of ${headerLimits.maxNameBytes} bytes and a value of ${headerLimits.maxValueBytes}.`,
      );
    }
  }
  if (total > headerLimits.maxTotalBytes) {
    throw new DarkroomError(
      'message-malformed',
      `All headers together may have ${headerLimits.maxTotalBytes} bytes.`,
    );
  }
}

/** Whether all headers are base64 of what was written: one is known in its plain form, or each is text inside. */
function isWrapped(headers: Headers, texts: ReadonlyMap<string, string>): boolean {
  const isKnown = probes.some(([name, plain]) => plain.test(unwrapped(texts.get(name) ?? '') ?? ''));
  if (isKnown) return true;
  const isPlain = probes.some(([name, plain]) => plain.test(texts.get(name) ?? ''));
  const values = Object.values(headers);
  return (
    !isPlain &&
    values.length > 0 &&
    values.every((value) => typeof value === 'string' && printable.test(unwrapped(value) ?? ''))
  );
}

/** Header values as text, by lower-case name, whatever their number and size. */
export function headerTexts(headers: Headers): ReadonlyMap<string, string> {
  const texts = new Map(Object.entries(headers).map(([name, value]) => [nameOf(name), textOf(value)]));
  if (!isWrapped(headers, texts)) return texts;
  return new Map([...texts].map(([name, text]) => [name, unwrapped(text) ?? text]));
}

/** Header values as text, by lower-case name. Throws `message-malformed` for headers of absurd number or size. */
export function readHeaders(headers: Headers): ReadonlyMap<string, string> {
  checkLimits(headers);
  return headerTexts(headers);
}
