import { DarkroomError } from '../../platform/errors.ts';
import { parseImageMessage, type ImageMessage } from './image-message.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import type { AcceptedType } from '../process/ports.ts';
import type { Origin } from '../../platform/image-origin.ts';
import type { RawFacts, StorageWriter } from '../store/ports.ts';
import { verifyDigest, type AcceptImage } from './accept-image.ts';
import { checkImage } from './check-image.ts';
import { isRejection } from '../process/rejections.ts';
import { inStage } from '../../stream/stage-failure.ts';
import type { ReceiveChunk } from './receive-chunk.ts';

export interface ReceiveRecordOptions {
  readonly storage: StorageWriter;
  readonly acceptImage: AcceptImage;
  readonly receiveChunk: ReceiveChunk;
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** What was learnt of bytes before they were refused. */
interface Seen {
  contentType?: AcceptedType;
}

const originOf = (message: ImageMessage, record: IncomingRecord, source: Origin['source']): Origin => ({
  imageId: message.imageId,
  owner: message.owner,
  source,
  uploadedAt: record.enqueuedAt,
  correlationId: message.correlationId,
});

/**
 * One record of `image-stream`, from either door, up to its event on `image-processing`. Every step is idempotent by
 * image id. Throws StageFailure.
 */
export function makeReceiveRecord({
  storage,
  acceptImage: admit,
  receiveChunk,
  maxBytes,
  maxPixels,
}: ReceiveRecordOptions) {
  /** Bytes that upload stored: their origin is with them, whatever the event says. */
  async function claim(message: ImageMessage, record: IncomingRecord): Promise<void> {
    const origin = await inStage('check', undefined, () => storage.rawOrigin(message.imageId));
    if (origin !== undefined) {
      await inStage('check', origin, () => admit.checkStored(origin));
      return;
    }
    const status = await inStage('check', undefined, () => storage.statusOf(message.imageId));
    // A redelivery of what was dealt with to the end: the bytes are gone because they had to go.
    if (status === 'rejected' || status === 'erased' || status === 'failed') return;
    await inStage('check', originOf(message, record, 'http'), () => {
      throw new DarkroomError(
        'claim-check-missing',
        'The bytes that this event refers to are not in the store.',
      );
    });
  }

  async function store(origin: Origin, bytes: Uint8Array, facts: RawFacts): Promise<void> {
    const { outcome } = await inStage('store', origin, () =>
      storage.storeRaw(origin, facts.contentType, bytes, { maxBytes }),
    );
    // Stored before, by a redelivery or by a producer's retry: what is there counts, and when it came.
    const first = outcome === 'exists' ? await storage.rawOrigin(origin.imageId) : undefined;
    await inStage('check', origin, () =>
      first === undefined ? admit.record(origin, facts) : admit.checkStored(first),
    );
  }

  async function check(bytes: Uint8Array, announced: string | undefined, seen: Seen): Promise<RawFacts> {
    if (bytes.byteLength > maxBytes)
      throw new DarkroomError('too-large', `An image may have ${maxBytes} bytes.`);
    const facts = await checkImage([bytes], maxPixels, seen);
    verifyDigest(facts, announced);
    return facts;
  }

  /** Bytes that are no image, or not the announced ones. They are not let harm an image that came under this id. */
  async function refuse(origin: Origin, error: unknown, seen: Seen & { bytes: number }): Promise<void> {
    const first = await storage.rawOrigin(origin.imageId);
    if (first !== undefined) await admit.checkStored(first);
    else if (isRejection(error)) await admit.reject(origin, error, seen);
    else throw error;
  }

  async function take(origin: Origin, bytes: Uint8Array, announced: string | undefined): Promise<void> {
    const seen: Seen = {};
    let facts: RawFacts;
    try {
      facts = await check(bytes, announced, seen);
    } catch (error) {
      await refuse(origin, error, { ...seen, bytes: bytes.byteLength });
      return;
    }
    await store(origin, bytes, facts);
  }

  return async (record: IncomingRecord): Promise<void> => {
    const message = await inStage('parse', undefined, () => parseImageMessage(record));
    if (message.form === 'claim-check') return claim(message, record);
    const origin = originOf(message, record, 'kafka');
    if (message.form === 'chunk') return receiveChunk(message, origin, record);
    return inStage('check', origin, () => take(origin, message.bytes, message.sha256));
  };
}
