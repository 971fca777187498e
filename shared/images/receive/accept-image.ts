import { DarkroomError } from '../../platform/errors.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs } from '../../stream/hubs.ts';
import type { Log } from '../../platform/log.ts';
import { processingEvent } from '../process/processing-message.ts';
import type { AcceptedType } from '../process/ports.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { RawFacts, StorageWriter } from '../store/ports.ts';
import { checkImage } from './check-image.ts';
import { isRejection } from '../process/rejections.ts';
import { failureOf } from '../../platform/errors.ts';

export interface AcceptImageOptions {
  readonly storage: StorageWriter;
  readonly events: EventSender;
  readonly maxPixels: number;
  readonly log: Log;
}

/** What became of an image whose bytes are there. */
export type Acceptance = 'stored' | 'unchanged' | 'rejected' | 'erased';

/** The way of an image from stored bytes to its place in the processing queue: check, row, event, in that order. */
export interface AcceptImage {
  /** Reads the stored bytes. Throws `digest-mismatch` when they are not those that were announced. */
  checkStored(origin: Origin, announced?: string): Promise<Acceptance>;
  /** For bytes that were checked before they were stored. */
  record(origin: Origin, facts: RawFacts): Promise<Acceptance>;
  reject(
    origin: Origin,
    error: DarkroomError,
    seen: { contentType?: string; bytes?: number },
  ): Promise<Acceptance>;
  /** Sends to processing what has a row already and is not processed yet: a crash may have come between the two. */
  resume(origin: Origin): Promise<Acceptance>;
}

export function verifyDigest(facts: RawFacts, announced: string | undefined): void {
  if (announced === undefined || announced === facts.sha256) return;
  throw new DarkroomError(
    'digest-mismatch',
    'The bytes do not have the sha256 that came with them: send them again.',
  );
}

export function makeAcceptImage({ storage, events, maxPixels, log }: AcceptImageOptions): AcceptImage {
  const send = async ({ imageId, correlationId }: Origin): Promise<Acceptance> => {
    await events.send(hubs.processing, processingEvent({ imageId, correlationId }));
    return 'stored';
  };

  async function resume(origin: Origin): Promise<Acceptance> {
    const status = await storage.statusOf(origin.imageId);
    // Bytes that came again under an id that has its answer.
    if (status === 'erased' || status === 'rejected') {
      await storage.deleteRaw(origin.imageId);
      return status;
    }
    return status === 'stored' ? send(origin) : 'unchanged';
  }

  async function record(origin: Origin, facts: RawFacts): Promise<Acceptance> {
    const outcome = await storage.recordStored(origin, facts);
    const { imageId, correlationId } = origin;
    log.info('image.stored', {
      imageId,
      correlationId,
      outcome,
      bytes: facts.bytes,
      contentType: facts.contentType,
    });
    if (outcome === 'erased') return 'erased';
    return outcome === 'created' ? send(origin) : resume(origin);
  }

  async function reject(
    origin: Origin,
    error: DarkroomError,
    seen: { contentType?: string; bytes?: number },
  ): Promise<Acceptance> {
    const outcome = await storage.recordRejected(origin, failureOf(error), seen);
    const { imageId, correlationId } = origin;
    log.info('image.rejected', { imageId, correlationId, outcome, code: error.code });
    return outcome === 'erased' ? 'erased' : 'rejected';
  }

  return {
    resume,
    record,
    reject,
    async checkStored(origin, announced) {
      const seen: { contentType?: AcceptedType } = {};
      try {
        const facts = await checkImage(await storage.openRaw(origin.imageId), maxPixels, seen);
        verifyDigest(facts, announced);
        return await record(origin, facts);
      } catch (error) {
        if (isRejection(error)) return reject(origin, error, seen);
        throw error;
      }
    },
  };
}
