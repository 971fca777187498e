import { DarkroomError } from '../../platform/errors.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs } from '../../stream/hubs.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { imageReceivedEvent } from '../store/image-received-event.ts';
import { unknownOwner } from '../../platform/image-origin.ts';
import { flowOf } from './lanes.ts';
import { deferredEvent, parseProcessingMessage } from './processing-message.ts';
import { makeRecently } from './recently.ts';
import type { UnreadBytes } from './file/spool.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import type { Processing, ProcessOptions } from './ports.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { OpenedRaw, RawOrigin, StorageWriter } from '../store/ports.ts';
import { isRejection } from './rejections.ts';
import { failureOf } from '../../platform/errors.ts';
import { inStage } from '../../stream/stage-failure.ts';

export interface ProcessRecordOptions {
  readonly storage: StorageWriter;
  readonly processing: Pick<Processing, 'process'>;
  readonly events: EventSender;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly lane: Lane;
  /** Whether engineers stopped the bulk re-runs that were asked for at this time. */
  readonly isStopped?: ((rerunAt: Date) => Promise<boolean>) | undefined;
  readonly log: Log;
}

/** `again` is a reprocess: what has variants gets new ones. */
export type Lane = 'ordinary' | 'slow' | 'again';

/** An image that takes longer in the ordinary lane was estimated wrongly, and goes on in the slow one. Milliseconds. */
const ordinaryTimeoutMs = 6_000;
/** How long the owner's others go on in the slow one. Milliseconds. */
const overrunMs = 10 * 60_000;
const overran = new DarkroomError('processing-timeout', 'It took longer than an ordinary image may.');

/** What is larger waits for room on the disk, and a connection that waits is closed by the store. Bytes. */
const maxAheadBytes = 16 * 1_048_576;

interface Stored {
  readonly origin: RawOrigin;
  readonly opened: AsyncIterable<Uint8Array> | undefined;
}

/** One record of a hub that `processing` reads: bytes in, derivatives and `processed` out. */
export function makeProcessRecord(options: ProcessRecordOptions) {
  const { storage, processing, events, clock, maxBytes, lane, isStopped, log } = options;
  const again = lane === 'again';
  const overruns = makeRecently(overrunMs);

  function unread({ origin: { imageId, bytes: size }, opened }: Stored): UnreadBytes {
    if (size > maxBytes) throw new DarkroomError('too-large', `An image may have ${maxBytes} bytes.`);
    return { size, open: async () => opened ?? storage.openRaw(imageId) };
  }

  /** Whether it is still to be done, and its bytes, both asked for at the same time. */
  async function lookUp(imageId: string) {
    const opening = storage.openWithOrigin(imageId);
    try {
      const [status, stored] = await Promise.all([storage.statusOf(imageId), opening]);
      return { status, stored };
    } catch (error) {
      opening.then(
        (stored) => stored?.close(),
        () => undefined,
      );
      throw error;
    }
  }

  async function handleOpened({ origin, bytes, close }: OpenedRaw): Promise<void> {
    const isAhead = origin.bytes <= maxAheadBytes;
    if (!isAhead) close();
    await handle({ origin, opened: isAhead ? bytes : undefined });
  }

  async function deferToSlow({ imageId, correlationId, owner }: RawOrigin): Promise<void> {
    log.info('image.deferred', { imageId, correlationId });
    const message = { imageId, correlationId, estimatedMs: ordinaryTimeoutMs, flow: flowOf(owner) };
    await events.send(hubs.slow, deferredEvent(message));
  }

  async function deriveOrdinary(stored: Stored): Promise<void> {
    const { origin } = stored;
    if (overruns.has(origin.owner)) return deferToSlow(origin);
    try {
      await derive(stored, { giveUp: { afterMs: ordinaryTimeoutMs, reason: overran } });
    } catch (error) {
      if (error !== overran) throw error;
      overruns.add(origin.owner);
      await deferToSlow(origin);
    }
  }

  async function derive(stored: Stored, limits?: ProcessOptions): Promise<void> {
    const { imageId, correlationId } = stored.origin;
    const { variants, facts } = await processing.process(unread(stored), limits);
    const outcome = await storage.saveVariants(imageId, variants, facts);
    log.info('image.processed', { imageId, correlationId, outcome, variants: variants.length });
    // The row is gone, the bytes are not (a restored database): the way in makes the row again. The event names no owner,
    // whom the hub would keep past the image's time.
    if (outcome === 'missing')
      await events.send(hubs.stream, imageReceivedEvent({ imageId, correlationId, at: clock.now() }));
  }

  async function handle(stored: Stored): Promise<void> {
    try {
      await (lane === 'ordinary' ? deriveOrdinary(stored) : derive(stored));
    } catch (error) {
      if (!isRejection(error)) throw error;
      const { origin } = stored;
      const outcome = await storage.recordRejected(origin, failureOf(error), { bytes: origin.bytes });
      const { imageId, correlationId } = origin;
      log.info('image.rejected', { imageId, correlationId, outcome, code: error.code });
    }
  }

  return async (record: IncomingRecord): Promise<void> => {
    const message = await inStage('parse', undefined, () => parseProcessingMessage(record.value));
    const { imageId, correlationId, rerunAt } = message;
    if (rerunAt !== undefined && (await isStopped?.(new Date(rerunAt)))) {
      log.info('image.rerun-stopped', { imageId, correlationId, rerunAt });
      return;
    }
    const { status, stored } = await inStage('process', undefined, () => lookUp(imageId));
    const isSettled = status === 'erased' || status === 'rejected' || (status === 'processed' && !again);
    if (stored !== undefined) {
      try {
        if (!isSettled) await inStage('process', stored.origin, () => handleOpened(stored));
      } finally {
        stored.close();
      }
      return;
    }
    if (isSettled) return;
    if (status === undefined) {
      log.info('image.gone', { imageId, correlationId });
      return;
    }
    const announced: Origin = {
      imageId,
      owner: unknownOwner,
      source: 'http',
      uploadedAt: record.enqueuedAt,
      correlationId,
    };
    await inStage('process', announced, () => {
      throw new DarkroomError('claim-check-missing', 'The bytes of the image are not in the store.');
    });
  };
}
