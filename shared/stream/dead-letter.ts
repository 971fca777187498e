import { z } from 'zod';
import { errorCatalog, DarkroomError, type ErrorCode } from '../platform/errors.ts';
import type { Headers, IncomingRecord, OutgoingEvent } from './record.ts';

/** Why a record is dead, where it was and how often it was tried. */
export interface DeadLetterReason {
  readonly hub: string;
  readonly partition: string;
  readonly offset: string;
  /** What Kafka calls the offset; where the source tells it. */
  readonly sequenceNumber?: number | undefined;
  /** The step that failed: `parse`, `store`, `check`, `chunks`, `process`. */
  readonly stage: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly attempts: number;
  readonly imageId?: string | undefined;
  readonly at: Date;
}

/** Where the record itself is: in the store, under a claim check; or nowhere, and only its digest tells it. */
export interface DeadLetterPayload {
  /** Of the record's value. */
  readonly payloadBytes: number;
  /** Opens with `unframeRecord`. */
  readonly claimCheck: string | undefined;
  /** Of the record in its frame, hex; only where there is no claim check. */
  readonly sha256: string | undefined;
}

export type DeadLetter = DeadLetterPayload & { readonly reason: DeadLetterReason };

const prefix = '__darkroom.';
const reasonPrefix = `${prefix}errors.`;
const payloadHeaders = {
  payloadBytes: `${prefix}payload-bytes`,
  claimCheck: `${prefix}claim-check`,
  sha256: `${prefix}payload-sha256`,
} as const;

const maxMessageCharacters = 2_000;

const texts = (prefixed: (name: string) => string, fields: object): Headers =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [prefixed(name), value instanceof Date ? value.toISOString() : String(value)]),
  );

/**
 * The event of a dead letter: coordinates, reason and a claim check. It holds no bytes, key, header or owner of the record,
 * since a hub is a log from which nothing can be erased.
 */
export const deadLetterEvent = (reason: DeadLetterReason, payload: DeadLetterPayload): OutgoingEvent => ({
  value: new Uint8Array(),
  headers: {
    ...texts((name) => `${reasonPrefix}${name}`, {
      ...reason,
      message: reason.message.slice(0, maxMessageCharacters),
    }),
    ...texts((name) => payloadHeaders[name as keyof DeadLetterPayload], payload),
  },
});

const text = z.string();
const reasonSchema = z.object({
  hub: text,
  partition: text,
  offset: text,
  sequenceNumber: z.coerce.number().int().optional(),
  stage: text,
  code: z.enum(Object.keys(errorCatalog) as [ErrorCode, ...ErrorCode[]]).catch('internal'),
  message: text,
  attempts: z.coerce.number().int().nonnegative(),
  imageId: z.uuid().optional(),
  at: z.iso.datetime().transform((at) => new Date(at)),
});

/** A record of `image-dead-letter`, read back. Throws `message-malformed` for one that is no dead letter of ours. */
export function readDeadLetter(record: IncomingRecord): DeadLetter {
  const ours = new Map(
    Object.entries(record.headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name, Buffer.from(value).toString('utf8')]),
  );
  const named = [...ours].filter(([name]) => name.startsWith(reasonPrefix));
  const result = reasonSchema.safeParse(
    Object.fromEntries(named.map(([name, value]) => [name.slice(reasonPrefix.length), value])),
  );
  if (!result.success) throw new DarkroomError('message-malformed', 'The record is no dead letter of ours.');
  return {
    reason: result.data,
    payloadBytes: Number(ours.get(payloadHeaders.payloadBytes)) || 0,
    claimCheck: ours.get(payloadHeaders.claimCheck),
    sha256: ours.get(payloadHeaders.sha256),
  };
}
