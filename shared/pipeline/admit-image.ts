import { DarkroomError } from '../errors.ts';
import type { EventSender } from '../events.ts';
import { hubs } from '../hubs.ts';
import type { Log } from '../log.ts';
import { processingEvent } from '../messages/processing-message.ts';
import type { AcceptedType } from '../processing/ports.ts';
import type { Origin, RawFacts, StorageWriter } from '../storage/ports.ts';
import { checkImage } from './check.ts';
import { failureOf, isRejection } from './failures.ts';

export interface AdmitImageOptions {
  readonly storage: StorageWriter;
  readonly events: EventSender;
  readonly maxPixels: number;
  readonly log: Log;
}

/** What became of an image whose bytes are there. */
export type Admission = 'stored' | 'known' | 'rejected' | 'erased';

/** The way of an image from stored bytes to its place in the processing queue: check, row, event, in that order. */
export interface AdmitImage {
  /** Reads the stored bytes. Throws `digest-mismatch` when they are not those that were announced. */
  checkStored(origin: Origin, announced?: string): Promise<Admission>;
  /** For bytes that were checked before they were stored. */
  record(origin: Origin, facts: RawFacts): Promise<Admission>;
  reject(
    origin: Origin,
    error: DarkroomError,
    seen: { contentType?: string; bytes?: number },
  ): Promise<Admission>;
  /** Sends to processing what has a row already and is not processed yet: a crash may have come between the two. */
  resume(origin: Origin): Promise<Admission>;
}

export function verifyDigest(facts: RawFacts, announced: string | undefined): void {
  if (announced === undefined || announced === facts.sha256) return;
  throw new DarkroomError(
    'digest-mismatch',
    'The bytes do not have the sha256 that came with them: send them again.',
  );
}

export function makeAdmitImage({ storage, events, maxPixels, log }: AdmitImageOptions): AdmitImage {
  const send = async ({ imageId, correlationId }: Origin): Promise<Admission> => {
    await events.send(hubs.processing, processingEvent({ imageId, correlationId }));
    return 'stored';
  };

  async function resume(origin: Origin): Promise<Admission> {
    const status = await storage.statusOf(origin.imageId);
    // Bytes that came again under an id that has its answer.
    if (status === 'erased' || status === 'rejected') {
      await storage.deleteRaw(origin.imageId);
      return status;
    }
    return status === 'stored' ? send(origin) : 'known';
  }

  async function record(origin: Origin, facts: RawFacts): Promise<Admission> {
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
  ): Promise<Admission> {
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
