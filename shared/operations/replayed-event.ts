import type { Clock } from '../platform/clock.ts';
import { imageReceivedEvent } from '../images/store/image-received-event.ts';
import { parseProcessingMessage, processingEvent } from '../images/process/processing-message.ts';
import type { StorageReader, StorageWriter } from '../images/store/ports.ts';
import { unknownMediaType } from '../platform/media-types.ts';
import type { DeadRecord, OutgoingEvent } from '../stream/record.ts';
import type { DeadLetterRow } from './dead-letters.ts';
import { imageOf } from './replay-preview.ts';

export interface ReplayedEventDependencies {
  readonly storage: Pick<StorageWriter, 'storeRaw' | 'rawOrigin'>;
  readonly reader: Pick<StorageReader, 'find'>;
  readonly clock: Clock;
  readonly maxBytes: number;
}

/**
 * What to send so that the record of a dead letter is handled once more. Nothing of an image goes into a hub again, where
 * it would outlive day 7: its bytes are stored under the id that it has, with the time at which it came, and are announced
 * without its owner.
 */
export async function replayedEvent(
  { storage, reader, clock, maxBytes }: ReplayedEventDependencies,
  row: DeadLetterRow,
  record: DeadRecord,
): Promise<OutgoingEvent> {
  const { imageId, message } = imageOf(row, record);
  if (message === undefined) {
    // Somebody wants this one: it no longer belongs to the re-run, which may have been stopped.
    const { rerunAt, ...wanted } = parseProcessingMessage(record.value);
    return rerunAt === undefined ? { value: record.value, headers: record.headers } : processingEvent(wanted);
  }
  const image = await reader.find(imageId);
  const followsId = message.correlationId === message.imageId;
  const { owner, correlationId } = image ?? (followsId ? { ...message, correlationId: imageId } : message);
  if ('bytes' in message && (await storage.rawOrigin(imageId)) === undefined) {
    const uploadedAt = image?.uploadedAt ?? record.enqueuedAt;
    const { sender } = message;
    const origin = { imageId, owner, correlationId, source: 'kafka' as const, uploadedAt, sender };
    await storage.storeRaw(origin, unknownMediaType, message.bytes, { maxBytes });
  }
  return imageReceivedEvent({ imageId, correlationId, at: clock.now() });
}
