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
import type { StorageWriter } from '../store/ports.ts';
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

type Stored = Origin & { readonly bytes: number };

/** One record of a hub that `processing` reads: bytes in, derivatives and `processed` out. */
export function makeProcessRecord(options: ProcessRecordOptions) {
  const { storage, processing, events, clock, maxBytes, lane, isStopped, log } = options;
  const again = lane === 'again';
  const overruns = makeRecently(overrunMs);

  function unread({ imageId, bytes: size }: Stored): UnreadBytes {
    if (size > maxBytes) throw new DarkroomError('too-large', `An image may have ${maxBytes} bytes.`);
    return { size, open: () => storage.openRaw(imageId) };
  }

  async function deferToSlow({ imageId, correlationId, owner }: Stored): Promise<void> {
    log.info('image.deferred', { imageId, correlationId });
    const message = { imageId, correlationId, estimatedMs: ordinaryTimeoutMs, flow: flowOf(owner) };
    await events.send(hubs.slow, deferredEvent(message));
  }

  async function deriveOrdinary(origin: Stored): Promise<void> {
    if (overruns.has(origin.owner)) return deferToSlow(origin);
    try {
      await derive(origin, { giveUp: { afterMs: ordinaryTimeoutMs, reason: overran } });
    } catch (error) {
      if (error !== overran) throw error;
      overruns.add(origin.owner);
      await deferToSlow(origin);
    }
  }

  async function derive(origin: Stored, limits?: ProcessOptions): Promise<void> {
    const { imageId, correlationId } = origin;
    const { variants, facts } = await processing.process(unread(origin), limits);
    const outcome = await storage.saveVariants(imageId, variants, facts);
    log.info('image.processed', { imageId, correlationId, outcome, variants: variants.length });
    // The row is gone, the bytes are not (a restored database): the way in makes the row again. The event names no owner,
    // whom the hub would keep past the image's time.
    if (outcome === 'missing')
      await events.send(hubs.stream, imageReceivedEvent({ imageId, correlationId, at: clock.now() }));
  }

  async function handle(origin: Stored): Promise<void> {
    try {
      await (lane === 'ordinary' ? deriveOrdinary(origin) : derive(origin));
    } catch (error) {
      if (!isRejection(error)) throw error;
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
    const [status, origin] = await inStage('process', undefined, () =>
      Promise.all([storage.statusOf(imageId), storage.rawOrigin(imageId)]),
    );
    if (status === 'erased' || status === 'rejected' || (status === 'processed' && !again)) return;
    if (origin !== undefined) return inStage('process', origin, () => handle(origin));
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
