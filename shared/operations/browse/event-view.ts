import { asDarkroomError } from '../../platform/errors.ts';
import { readDeadLetter } from '../../stream/dead-letter.ts';
import { headerTexts } from '../../stream/headers.ts';
import { hubs } from '../../stream/hubs.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import { readOutcome } from '../../images/outcomes/outcome-event.ts';
import { parseImageMessage } from '../../images/receive/image-message.ts';
import { unreadImage } from '../../images/receive/unread-image.ts';
import { parseProcessingMessage } from '../../images/process/processing-message.ts';

/** Where an event is, and how large it is: what may be shown of every one. */
export interface EventPlace {
  readonly hub: string;
  readonly partition: string;
  readonly offset: string;
  readonly sequenceNumber: number;
  readonly enqueuedAt: string;
  readonly bytes: number;
}

/** What an event says. */
export interface EventContent {
  /** How it is read: a form of image message, `processing`, `dead-letter`, `outcome`, or `unreadable`. */
  readonly form: string;
  readonly problem: string | null;
  readonly imageId: string | null;
  readonly owner: string | null;
  readonly key: string | null;
  readonly contentType: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly cloudEvent: Readonly<Record<'id' | 'source' | 'type' | 'subject', string | null>> | null;
  /** The value where it is a JSON object, without the bytes of the image. */
  readonly envelope: Readonly<Record<string, unknown>> | null;
  /** The first bytes of any other value, hex. */
  readonly begins: string;
}

export type ReadEvent = EventPlace & EventContent;

const beginningBytes = 16;
const maxShownText = 2_000;

type Meaning = Pick<EventContent, 'form' | 'problem' | 'imageId' | 'owner'>;

function imageMeaning(record: IncomingRecord): Meaning {
  try {
    const { form, imageId, owner } = parseImageMessage(record);
    return { form, problem: null, imageId, owner };
  } catch (thrown) {
    const { code, message } = asDarkroomError(thrown);
    const { imageId, owner } = unreadImage(record);
    return { form: 'unreadable', problem: `${code}: ${message}`, imageId, owner };
  }
}

function ownMeaning(record: IncomingRecord): Omit<Meaning, 'problem'> {
  if (record.hub === hubs.outcomes) return { form: 'outcome', ...readOutcome(record.value) };
  const isDead = record.hub === hubs.deadLetter;
  const imageId = isDead
    ? readDeadLetter(record).reason.imageId
    : parseProcessingMessage(record.value).imageId;
  return { form: isDead ? 'dead-letter' : 'processing', imageId: imageId ?? null, owner: null };
}

function meaningOf(record: IncomingRecord): Meaning {
  if (record.hub === hubs.stream) return imageMeaning(record);
  try {
    return { ...ownMeaning(record), problem: null };
  } catch (thrown) {
    const { code, message } = asDarkroomError(thrown);
    return { form: 'unreadable', problem: `${code}: ${message}`, imageId: null, owner: null };
  }
}

/** Bytes that an event carries are an image's: their length stands for them. */
const shown = (name: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (name === 'data_base64') return `${Buffer.from(value, 'base64').byteLength} bytes`;
  return value.length > maxShownText ? `${value.slice(0, maxShownText)}…` : value;
};

function envelopeOf({ value }: IncomingRecord): Readonly<Record<string, unknown>> | null {
  if (!/^\ufeff?\s*\{/.test(Buffer.from(value.subarray(0, 64)).toString('utf8'))) return null;
  try {
    const json = JSON.parse(Buffer.from(value).toString('utf8')) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(json).map(([name, one]) => [name, shown(name, one)]));
  } catch {
    return null;
  }
}

function cloudEventOf(
  headers: ReadonlyMap<string, string>,
  envelope: EventContent['envelope'],
): EventContent['cloudEvent'] {
  const get = (name: string): string | null => {
    const value = headers.get(`ce_${name}`) ?? envelope?.[name];
    return typeof value === 'string' ? value : null;
  };
  const isEvent = headers.has('ce_id') || headers.has('ce_type') || envelope?.['specversion'] !== undefined;
  return isEvent
    ? { id: get('id'), source: get('source'), type: get('type'), subject: get('subject') }
    : null;
}

/** A record as an engineer may see it, if its image was not erased. Throws nothing. */
export function readEvent(record: IncomingRecord): ReadEvent {
  const { hub, partition, offset, sequenceNumber = 0, enqueuedAt, value, key = null } = record;
  const texts = headerTexts(record.headers);
  const envelope = envelopeOf(record);
  return {
    ...{
      hub,
      partition,
      offset,
      sequenceNumber,
      enqueuedAt: enqueuedAt.toISOString(),
      bytes: value.byteLength,
    },
    ...meaningOf(record),
    ...{ key, contentType: texts.get('content-type') ?? null },
    headers: [...texts].map(([name, text]) => ({ name, value: text.slice(0, maxShownText) })),
    cloudEvent: cloudEventOf(texts, envelope),
    envelope,
    begins: envelope === null ? Buffer.from(value.subarray(0, beginningBytes)).toString('hex') : '',
  };
}
