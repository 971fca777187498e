import { createHash } from 'node:crypto';
import { DarkroomError } from '../../platform/errors.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs } from '../../stream/hubs.ts';
import type { Log } from '../../platform/log.ts';
import { estimatedMs, flowOf, slowMs } from '../process/lanes.ts';
import { deferredEvent, processingEvent } from '../process/processing-message.ts';
import type { AcceptedType } from '../process/ports.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { Outcome, RawFacts, Seen, StorageWriter } from '../store/ports.ts';
import { checkImage } from './check-image.ts';
import { idReused } from './id-reused.ts';
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

/** `sha256`: of the bytes, hex, where it is known before they are read. */
export type StoredOrigin = Origin & { readonly sha256?: string };

/** The way of an image from stored bytes to its place in the processing queue: check, row, event, in that order. */
export interface AcceptImage {
  /**
   * Reads the stored bytes, which somebody may have opened. Throws `digest-mismatch` when they are not those that were
   * announced.
   */
  checkStored(
    origin: StoredOrigin,
    given?: { readonly announced?: string | undefined; readonly opened?: AsyncIterable<Uint8Array> },
  ): Promise<Acceptance>;
  /** For bytes that were checked before they were stored. */
  record(origin: Origin, facts: RawFacts): Promise<Acceptance>;
  reject(origin: Origin, error: DarkroomError, seen: Seen): Promise<Acceptance>;
  /** Sends to processing what has a row already and is not processed yet: a crash may have come between the two. */
  resume(origin: Origin): Promise<Acceptance>;
}

export function verifyDigest(facts: Pick<RawFacts, 'sha256'>, announced: string | undefined): void {
  if (announced === undefined || announced === facts.sha256) return;
  throw new DarkroomError(
    'digest-mismatch',
    'The bytes do not have the sha256 that came with them: send them again.',
  );
}

export function makeAcceptImage({ storage, events, maxPixels, log }: AcceptImageOptions): AcceptImage {
  /** Slow images, and what may be one, wait where ordinary ones do not. */
  const send = async ({ imageId, correlationId, owner }: Origin, facts?: RawFacts): Promise<Acceptance> => {
    const message = { imageId, correlationId, flow: flowOf(owner), estimatedMs: facts && estimatedMs(facts) };
    const isOrdinary = (message.estimatedMs ?? Infinity) <= slowMs;
    if (isOrdinary) await events.send(hubs.processing, processingEvent(message));
    else await events.send(hubs.slow, deferredEvent(message));
    return 'stored';
  };

  async function resume(origin: Origin, facts?: RawFacts): Promise<Acceptance> {
    const status = await storage.statusOf(origin.imageId);
    // Bytes that came again under an id that has its answer.
    if (status === 'erased' || status === 'rejected') {
      await storage.deleteRaw(origin.imageId);
      return status;
    }
    return status === 'stored' ? send(origin, facts) : 'unchanged';
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
    await refuseReuse(outcome, imageId, facts.sha256);
    return outcome === 'created' ? send(origin, facts) : resume(origin, facts);
  }

  async function refuseReuse(outcome: Outcome, imageId: string, sha256 = ''): Promise<void> {
    if (outcome === 'reused') throw idReused(await storage.digestOf(imageId), sha256);
  }

  async function reject(origin: Origin, error: DarkroomError, seen: Seen): Promise<Acceptance> {
    const outcome = await storage.recordRejected(origin, failureOf(error), seen);
    const { imageId, correlationId } = origin;
    log.info('image.rejected', { imageId, correlationId, outcome, code: error.code });
    await refuseReuse(outcome, imageId, seen.sha256);
    return outcome === 'erased' ? 'erased' : 'rejected';
  }

  /** As `reject`, of bytes that lie under the id: where the row is of others, they are nobody's. */
  async function rejectStored(origin: Origin, error: DarkroomError, seen: Seen): Promise<Acceptance> {
    try {
      return await reject(origin, error, seen);
    } catch (thrown) {
      if (thrown instanceof DarkroomError && thrown.code === 'id-reused')
        await storage.deleteRaw(origin.imageId);
      throw thrown;
    }
  }

  async function digestOfStored({ imageId }: Origin): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of (await storage.openRaw(imageId)) as AsyncIterable<Uint8Array>)
      hash.update(chunk);
    return hash.digest('hex');
  }

  return {
    resume,
    record,
    reject,
    async checkStored(origin, { announced, opened } = {}) {
      const { sha256 } = origin;
      const seen: Seen & { contentType?: AcceptedType } = sha256 === undefined ? {} : { sha256 };
      try {
        const bytes = opened ?? (await storage.openRaw(origin.imageId));
        const facts = await checkImage(bytes, maxPixels, seen);
        verifyDigest(facts, announced);
        return await record(origin, facts);
      } catch (error) {
        if (!isRejection(error)) throw error;
        // What was damaged on its way is not the image that was announced, whatever is wrong with it.
        if (announced !== undefined) verifyDigest({ sha256: await digestOfStored(origin) }, announced);
        return rejectStored(origin, error, seen);
      }
    },
  };
}
