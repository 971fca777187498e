import type { Clock } from '../platform/clock.ts';
import { ownerOf } from '../images/receive/owner.ts';
import { imageReceivedEvent } from '../images/store/image-received-event.ts';
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
 * A bare record is named after its place in the hub, and would be another image at another place. So its bytes are
 * stored under the id it has, and announced: the same image, which has failed, gets its end.
 */
async function bareEvent(
  { storage, reader, clock, maxBytes }: ReplayedEventDependencies,
  imageId: string,
  record: DeadRecord,
): Promise<OutgoingEvent> {
  const image = await reader.find(imageId);
  const owner = image?.owner ?? ownerOf(record.key, undefined);
  const correlationId = image?.correlationId ?? imageId;
  if ((await storage.rawOrigin(imageId)) === undefined) {
    const uploadedAt = image?.uploadedAt ?? clock.now();
    const origin = { imageId, owner, correlationId, source: 'kafka' as const, uploadedAt };
    await storage.storeRaw(origin, unknownMediaType, record.value, { maxBytes });
  }
  return imageReceivedEvent({ imageId, owner, correlationId, at: clock.now() });
}

/** What to send so that the record of a dead letter is handled once more. */
export async function replayedEvent(
  dependencies: ReplayedEventDependencies,
  row: DeadLetterRow,
  record: DeadRecord,
): Promise<OutgoingEvent> {
  const { imageId, message } = imageOf(row, record);
  const isBare = message?.form === 'bare' && row.image_id !== null;
  return isBare ? bareEvent(dependencies, imageId, record) : record;
}
