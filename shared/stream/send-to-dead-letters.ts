import { createHash } from 'node:crypto';
import { hour, type Clock } from '../platform/clock.ts';
import {
  asDarkroomError,
  errorCatalog,
  failureOf,
  type DarkroomError,
  type ErrorCode,
  type Failure,
} from '../platform/errors.ts';
import type { EventSender } from './event-sender.ts';
import { hubs, retentionHours } from './hubs.ts';
import type { Origin } from '../platform/image-origin.ts';
import type { Log } from '../platform/log.ts';
import type { DeadRecord, IncomingRecord } from './record.ts';
import { deadLetterEvent, type DeadLetterPayload } from './dead-letter.ts';
import { deleteAtOf } from '../platform/retention.ts';
import { frameRecord } from './record-frame.ts';
import { refusedRecord } from './refused-record.ts';
import type { Stage } from './stage-failure.ts';

export interface FailedRecord {
  readonly record: DeadRecord & Pick<IncomingRecord, 'hub' | 'partition' | 'offset' | 'sequenceNumber'>;
  readonly stage: Stage;
  readonly error: DarkroomError;
  readonly attempts: number;
  /** Of the image, where one is known. */
  readonly origin?: Origin | undefined;
  /** Whether the image's row becomes `failed`; not where the record says nothing about the image that has its id. */
  readonly marksImage?: boolean;
  /** Of a set of records that fail together: its first dead letter speaks for all. */
  readonly once?: boolean;
  /** Its dependencies work for others: what still fails is left out. */
  readonly isLastResort?: boolean;
}

/** Where images' rows and the records of dead letters are written. */
export interface DeadLetterStorage {
  /** `erased`: the ledger holds this id, so nothing of it may be kept. */
  recordFailed(origin: Origin, failure: Failure): Promise<'created' | 'exists' | 'erased' | 'reused'>;
  /** Answers the record's claim check. */
  storeDeadLetterPayload(imageId: string | undefined, bytes: Uint8Array, expiresAt: Date): Promise<string>;
  statusOf(imageId: string): Promise<string | undefined>;
  deleteDeadLetterPayload(claimCheck: string): Promise<void>;
}

export interface SendToDeadLettersOptions {
  readonly storage: DeadLetterStorage;
  readonly events: EventSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** Records of one set come, or are missed, within this time. */
const setLifetimeMs = 20 * 60_000;

/** No copy outlives the image it is of, nor the hub's retention. */
const expiryOf = (now: Date, bornAt: Date): Date =>
  new Date(Math.min(now.getTime() + retentionHours[hubs.deadLetter] * hour, deleteAtOf(bornAt).getTime()));

/**
 * Dead-letters a record: the record into the store, then the image's row, then the dead letter into the hub. What fails
 * because of the record itself is left out, so that no record can keep its dead letter from being sent; an outage is thrown.
 * The sender of a record that says nothing about the image of its id is told before that, so none is forgotten.
 * Of an id that the ledger knows as erased nothing is kept but the dead letter `erased-id`.
 */
export function makeSendToDeadLetters({ storage, events, clock, log }: SendToDeadLettersOptions) {
  /** Undefined where it is the record that cannot be written. */
  async function unlessRecordFails<T>(
    { isLastResort = false }: FailedRecord,
    step: string,
    run: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await run();
    } catch (thrown) {
      const error = asDarkroomError(thrown);
      if (error.retryable && !isLastResort) throw error;
      log.error('dead-letter.reduced', error, { step });
      return undefined;
    }
  }

  async function store(failed: FailedRecord, at: Date): Promise<DeadLetterPayload> {
    const { record, origin } = failed;
    const payloadBytes = record.value.byteLength;
    const frame = frameRecord(record);
    const expiresAt = expiryOf(at, origin?.uploadedAt ?? record.enqueuedAt);
    const claimCheck = await unlessRecordFails(failed, 'payload', () =>
      storage.storeDeadLetterPayload(origin?.imageId, frame, expiresAt),
    );
    const sha256 = claimCheck === undefined ? createHash('sha256').update(frame).digest('hex') : undefined;
    return { payloadBytes, claimCheck, sha256 };
  }

  async function send(failed: FailedRecord): Promise<void> {
    const { record, stage, error, attempts, origin, marksImage = true } = failed;
    const at = clock.now();
    const { hub, partition, offset, sequenceNumber } = record;
    const place = { hub, partition, offset, sequenceNumber };
    const fields = { ...place, stage, attempts, imageId: origin?.imageId };
    /** The sender of an image is told what becomes of it; of a record that is none, this is all. */
    const tellSender = async (code: ErrorCode): Promise<void> => {
      if (hub !== hubs.stream || origin?.source !== 'kafka') return;
      await events.send(hubs.outcomes, refusedRecord(record, code, at));
    };
    const sendErased = async (message: string): Promise<void> => {
      await tellSender('erased-id');
      const payload = { payloadBytes: record.value.byteLength, claimCheck: undefined, sha256: undefined };
      await events.send(
        hubs.deadLetter,
        deadLetterEvent({ ...fields, code: 'erased-id', message, at }, payload),
      );
      log.warn('record.erased', fields);
    };
    if (error.code === 'erased-id') return sendErased(error.message);
    const payload = await store(failed, at);
    const mark = (image: Origin) =>
      marksImage ? storage.recordFailed(image, failureOf(error)) : storage.statusOf(image.imageId);
    const outcome = origin && (await unlessRecordFails(failed, 'row', () => mark(origin)));
    if (outcome === 'erased') {
      if (payload.claimCheck !== undefined) await storage.deleteDeadLetterPayload(payload.claimCheck);
      return sendErased(errorCatalog['erased-id'].title);
    }
    if (!marksImage || outcome === 'reused') await tellSender(error.code);
    await events.send(hubs.deadLetter, deadLetterEvent({ ...fields, ...failureOf(error), at }, payload));
    log.warn('record.dead', { ...fields, correlationId: origin?.correlationId, error });
  }

  /** Others' bytes under an id are a set of their own, told apart by their digest. */
  const setOf = (imageId: string, { code, details }: DarkroomError): string =>
    code === 'id-reused' ? `${imageId}/${String(details['given'])}` : imageId;

  const sentOf = new Map<string, { readonly at: number; readonly sent: Promise<void> }>();

  /** The first of a set is sent, the others wait for it; where it could not be sent, the next one is the first. */
  async function sendOnce(set: string, failed: FailedRecord): Promise<void> {
    const now = clock.now().getTime();
    for (const [id, { at }] of sentOf) if (now - at > setLifetimeMs) sentOf.delete(id);
    const earlier = sentOf.get(set);
    if (earlier !== undefined) {
      await earlier.sent;
      const { origin, error, marksImage = true } = failed;
      if (marksImage && origin !== undefined) {
        await unlessRecordFails(failed, 'row', () => storage.recordFailed(origin, failureOf(error)));
      }
      return;
    }
    const sent = send(failed);
    sentOf.set(set, { at: now, sent });
    try {
      await sent;
    } catch (error) {
      sentOf.delete(set);
      throw error;
    }
  }

  return ({ once = false, ...failed }: FailedRecord): Promise<void> =>
    once && failed.origin !== undefined
      ? sendOnce(setOf(failed.origin.imageId, failed.error), failed)
      : send(failed);
}

export type SendToDeadLetters = ReturnType<typeof makeSendToDeadLetters>;
