import { hour, type Clock } from '../platform/clock.ts';
import { failureOf, type DarkroomError, type Failure } from '../platform/errors.ts';
import type { EventSender } from './event-sender.ts';
import { hubs, retentionHours } from './hubs.ts';
import type { Origin } from '../platform/image-origin.ts';
import type { Log } from '../platform/log.ts';
import type { DeadRecord } from './record.ts';
import { buildDeadLetter } from './dead-letter.ts';
import { deleteAtOf } from '../platform/retention.ts';
import type { Stage } from './stage-failure.ts';

export interface FailedRecord {
  readonly record: DeadRecord & { hub: string; partition: string; offset: string; enqueuedAt: Date };
  readonly stage: Stage;
  readonly error: DarkroomError;
  readonly attempts: number;
  /** Of the image, where one is known: its row becomes `failed`. */
  readonly origin?: Origin | undefined;
}

/** Where images' rows and payloads that do not fit the hub are written. */
export interface DeadLetterStorage {
  /** `erased`: the ledger holds this id, so nothing of it may be kept. */
  recordFailed(origin: Origin, failure: Failure): Promise<'created' | 'exists' | 'erased'>;
  /** Answers the payload's claim check. */
  storeDeadLetterPayload(imageId: string | undefined, bytes: Uint8Array, expiresAt: Date): Promise<string>;
}

export interface SendToDeadLettersOptions {
  readonly storage: DeadLetterStorage;
  readonly events: EventSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** No copy outlives the image it is of, nor the hub's retention. */
const expiryOf = (now: Date, bornAt: Date): Date =>
  new Date(Math.min(now.getTime() + retentionHours[hubs.deadLetter] * hour, deleteAtOf(bornAt).getTime()));

/**
 * Dead-letters a record: the image's row first, then the payload where it does not fit, then the dead letter. Nothing is
 * kept of an image that the ledger knows as erased.
 */
export function makeSendToDeadLetters({ storage, events, clock, log }: SendToDeadLettersOptions) {
  return async ({ record, stage, error, attempts, origin }: FailedRecord): Promise<void> => {
    const { hub, partition, offset } = record;
    const fields = { hub, partition, offset, stage, attempts, imageId: origin?.imageId };
    const outcome = origin && (await storage.recordFailed(origin, failureOf(error)));
    if (outcome === 'erased') {
      log.info('record.erased', fields);
      return;
    }
    const at = clock.now();
    const reason = {
      ...{ hub, partition, offset, stage, attempts, at },
      ...failureOf(error),
      imageId: origin?.imageId,
    };
    const { payload, event } = buildDeadLetter(record, reason);
    const expiresAt = expiryOf(at, origin?.uploadedAt ?? record.enqueuedAt);
    const claimCheck = payload && (await storage.storeDeadLetterPayload(origin?.imageId, payload, expiresAt));
    await events.send(hubs.deadLetter, event(claimCheck));
    log.warn('record.dead', { ...fields, correlationId: origin?.correlationId, error });
  };
}

export type SendToDeadLetters = ReturnType<typeof makeSendToDeadLetters>;
