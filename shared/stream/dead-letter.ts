import { z } from 'zod';
import { errorCatalog, DarkroomError, type ErrorCode } from '../platform/errors.ts';
import { maxEventBytes } from './hubs.ts';
import { frameRecord } from './record-frame.ts';
import type { DeadRecord, Headers, IncomingRecord, OutgoingEvent } from './record.ts';

/** Why a record is dead, where it was and how often it was tried. */
export interface DeadLetterReason {
  readonly hub: string;
  readonly partition: string;
  readonly offset: string;
  /** The step that failed: `parse`, `store`, `check`, `chunks`, `process`. */
  readonly stage: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly attempts: number;
  readonly imageId?: string | undefined;
  readonly at: Date;
}

/** Everything that we add to a record has this prefix; a replay takes it off. */
const prefix = '__darkroom.';
const reasonPrefix = `${prefix}errors.`;
const keyHeader = `${prefix}key`;
const claimCheckHeader = `${prefix}claim-check`;
const payloadBytesHeader = `${prefix}payload-bytes`;

/** Left for the reason and for what AMQP adds. Bytes. */
const reservedBytes = 16_384;
/** Event Hubs takes partition keys of this length. Bytes. */
export const maxKeyBytes = 128;
const maxMessageCharacters = 2_000;

const headerBytes = (headers: Headers): number =>
  Object.entries(headers).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 16,
    0,
  );

const reasonHeaders = ({ imageId, at, message, attempts, ...reason }: DeadLetterReason): Headers =>
  Object.fromEntries(
    Object.entries({
      ...reason,
      message: message.slice(0, maxMessageCharacters),
      attempts: String(attempts),
      at: at.toISOString(),
      ...(imageId === undefined ? {} : { imageId }),
    }).map(([name, value]) => [`${reasonPrefix}${name}`, value]),
  );

const withoutOurs = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)));

/**
 * The dead letter of a record. One that does not fit the hub goes without value and headers: `payload` then holds
 * them, to be stored first, and `event` takes its claim check.
 */
export function buildDeadLetter(
  record: DeadRecord,
  reason: DeadLetterReason,
): { payload?: Uint8Array; event: (claimCheck?: string) => OutgoingEvent } {
  const { key, value } = record;
  const own = withoutOurs(record.headers);
  const isLongKey = key !== undefined && Buffer.byteLength(key) > maxKeyBytes;
  const shared = {
    ...reasonHeaders(reason),
    ...(isLongKey ? { [keyHeader]: key } : {}),
    [payloadBytesHeader]: String(value.byteLength),
  };
  const eventKey = isLongKey ? {} : { key };
  const size = value.byteLength + headerBytes(own) + Buffer.byteLength(key ?? '');
  if (size + reservedBytes <= maxEventBytes) {
    return { event: () => ({ ...eventKey, value, headers: { ...own, ...shared } }) };
  }
  return {
    payload: frameRecord({ key, value, headers: own }),
    event: (claimCheck = '') => ({
      ...eventKey,
      value: new Uint8Array(),
      headers: { ...without(shared, keyHeader), [claimCheckHeader]: claimCheck },
    }),
  };
}

const without = (headers: Headers, name: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));

export interface DeadLetter {
  readonly reason: DeadLetterReason;
  readonly record: DeadRecord;
  readonly payloadBytes: number;
  /** Where value and headers are when they are not in `record`: open with `unframeRecord`. */
  readonly claimCheck: string | undefined;
}

const text = z.string();
const reasonSchema = z.object({
  hub: text,
  partition: text,
  offset: text,
  stage: text,
  code: z.enum(Object.keys(errorCatalog) as [ErrorCode, ...ErrorCode[]]).catch('internal'),
  message: text,
  attempts: z.coerce.number().int().nonnegative(),
  imageId: z.uuid().optional(),
  at: z.iso.datetime().transform((at) => new Date(at)),
});

/** A record of `image-dead-letter`, read back. Throws `message-malformed` for one that is no dead letter of ours. */
export function readDeadLetter(record: IncomingRecord): DeadLetter {
  const ours = Object.fromEntries(
    Object.entries(record.headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [
        name,
        typeof value === 'string' ? value : Buffer.from(value).toString('utf8'),
      ]),
  );
  const named = Object.entries(ours).filter(([name]) => name.startsWith(reasonPrefix));
  const result = reasonSchema.safeParse(
    Object.fromEntries(named.map(([name, value]) => [name.slice(reasonPrefix.length), value])),
  );
  if (!result.success) throw new DarkroomError('message-malformed', 'The record is no dead letter of ours.');
  return {
    reason: result.data,
    record: { key: ours[keyHeader] ?? record.key, value: record.value, headers: withoutOurs(record.headers) },
    payloadBytes: Number(ours[payloadBytesHeader] ?? record.value.byteLength),
    claimCheck: ours[claimCheckHeader],
  };
}
