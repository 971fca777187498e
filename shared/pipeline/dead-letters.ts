import { hour, type Clock } from '../clock.ts';
import type { DarkroomError } from '../errors.ts';
import type { EventSender } from '../events.ts';
import { hubs, retentionHours } from '../hubs.ts';
import type { Log } from '../log.ts';
import { buildDeadLetter, type DeadRecord } from '../messages/dead-letter.ts';
import { deleteAtOf } from '../retention.ts';
import type { Origin, StorageWriter } from '../storage/ports.ts';
import { failureOf, type Stage } from './failures.ts';

export interface Death {
  readonly record: DeadRecord & { hub: string; partition: string; offset: string; enqueuedAt: Date };
  readonly stage: Stage;
  readonly error: DarkroomError;
  readonly attempts: number;
  /** Of the image, where one is known: its row becomes `failed`. */
  readonly origin?: Origin | undefined;
}

export interface DeadLettersOptions {
  readonly storage: Pick<StorageWriter, 'recordFailed' | 'storeDeadLetterPayload'>;
  readonly events: EventSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** No copy outlives the image it is of, nor the hub's retention. */
const expiryOf = (now: Date, bornAt: Date): Date =>
  new Date(Math.min(now.getTime() + retentionHours[hubs.deadLetter] * hour, deleteAtOf(bornAt).getTime()));

/**
 * Buries a record: the image's row first, then the payload where it does not fit, then the dead letter. Nothing is
 * kept of an image that the ledger knows as erased.
 */
export function makeDeadLetters({ storage, events, clock, log }: DeadLettersOptions) {
  return async ({ record, stage, error, attempts, origin }: Death): Promise<void> => {
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

export type BuryRecord = ReturnType<typeof makeDeadLetters>;
