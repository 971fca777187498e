import type { Origin } from '../../platform/image-origin.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import { inStage, StageFailure } from '../../stream/stage-failure.ts';
import type { StorageWriter } from '../store/ports.ts';
import type { AcceptImage } from './accept-image.ts';
import { parseImageMessage, type ImageMessage } from './image-message.ts';
import { makeReceiveBytes } from './receive-bytes.ts';
import type { ReceiveChunk } from './receive-chunk.ts';
import { makeReceiveClaim } from './receive-claim.ts';
import { unreadImage } from './unread-image.ts';

export interface ReceiveRecordOptions {
  readonly storage: StorageWriter;
  readonly acceptImage: AcceptImage;
  readonly receiveChunk: ReceiveChunk;
  readonly maxBytes: number;
  readonly maxPixels: number;
}

const originOf = (message: ImageMessage, record: IncomingRecord, source: Origin['source']): Origin => ({
  imageId: message.imageId,
  owner: message.owner,
  source,
  uploadedAt: record.enqueuedAt,
  correlationId: message.correlationId,
  sender: message.sender,
});

/** Whose image a record brings or tells of, as far as it says. */
export function originOfRecord(record: IncomingRecord): Origin {
  const message = parseImageMessage(record);
  return originOf(message, record, message.form === 'claim-check' ? 'http' : 'kafka');
}

/**
 * One record of `image-stream`, from either source, up to its event on `image-processing`. Every step is idempotent by
 * image id. Throws StageFailure.
 */
export function makeReceiveRecord(options: ReceiveRecordOptions) {
  const { storage } = options;
  const receiveClaim = makeReceiveClaim(options);
  const receiveBytes = makeReceiveBytes(options);

  /** What is no message still belongs to an image, which its producer may ask for; one that is there stays as it is. */
  async function parse(record: IncomingRecord): Promise<ImageMessage> {
    try {
      return parseImageMessage(record);
    } catch (error) {
      const { isChunk: once, ...origin } = unreadImage(record);
      const [status, stored] = await inStage('parse', undefined, () =>
        Promise.all([storage.statusOf(origin.imageId), storage.rawOrigin(origin.imageId)]),
      );
      const marksImage = stored === undefined && (status === undefined || status === 'erased');
      throw new StageFailure('parse', origin, error, { once, marksImage });
    }
  }

  return async (record: IncomingRecord): Promise<void> => {
    const message = await parse(record);
    if (message.form === 'claim-check') return receiveClaim(originOf(message, record, 'http'));
    const origin = originOf(message, record, 'kafka');
    if (message.form === 'chunk') return options.receiveChunk(message, origin, record);
    return inStage('check', origin, () => receiveBytes(origin, message.bytes, message.sha256));
  };
}
