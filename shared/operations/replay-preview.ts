import type { ImageStatus } from '../database/catalog/imaging.ts';
import type { Clock } from '../platform/clock.ts';
import { asDarkroomError, DarkroomError } from '../platform/errors.ts';
import { deleteAtOf } from '../platform/retention.ts';
import { hubs } from '../stream/hubs.ts';
import type { DeadRecord } from '../stream/record.ts';
import { parseImageMessage, type ImageMessage } from '../images/receive/image-message.ts';
import { parseProcessingMessage } from '../images/process/processing-message.ts';
import type { IncomingRecord } from '../stream/record.ts';
import { verifyDigest } from '../images/receive/accept-image.ts';
import { checkImage } from '../images/receive/check-image.ts';
import { idReused } from '../images/receive/id-reused.ts';
import type { Processing } from '../images/process/ports.ts';
import type { StorageWriter } from '../images/store/ports.ts';
import type { DeadLetterRow } from './dead-letters.ts';

export type ReplayOutcome = 'applied' | 'duplicate' | 'fails-again' | 'refused-erased';

export interface ReplayPreview {
  readonly outcome: ReplayOutcome;
  readonly detail: string;
}

export interface ReplayPreviewDependencies {
  readonly storage: Pick<StorageWriter, 'statusOf' | 'digestOf' | 'rawOrigin' | 'openRaw'>;
  readonly clock: Clock;
  /** Runs the processors, to know whether they would fail; without it, that is not tried. */
  readonly processing?: Pick<Processing, 'process'> | undefined;
  readonly maxPixels: number;
}

const applied: ReplayPreview = { outcome: 'applied', detail: 'It is sent again.' };

const erased: ReplayPreview = {
  outcome: 'refused-erased',
  detail: 'The ledger says that this image was erased; it may not come back.',
};

const failsAgain = (error: DarkroomError): ReplayPreview => ({
  outcome: 'fails-again',
  detail: `${error.code}: ${error.message}`,
});

/** The record as it was read when it failed. */
const originalRecord = (row: DeadLetterRow, record: DeadRecord): IncomingRecord => ({
  ...record,
  hub: row.origin_hub,
  partition: row.origin_partition,
  offset: row.origin_offset,
});

/** The image that a record is about, as far as the dead letter or the record itself tells. Throws what parsing throws. */
export function imageOf(row: DeadLetterRow, record: DeadRecord): { imageId: string; message?: ImageMessage } {
  if (row.origin_hub !== hubs.stream) return parseProcessingMessage(record.value);
  const message = parseImageMessage(originalRecord(row, record));
  return { imageId: row.image_id ?? message.imageId, message };
}

type WithBytes = Extract<ImageMessage, { bytes: Uint8Array; sha256: unknown }>;

const incomplete = (): DarkroomError =>
  new DarkroomError(
    'chunks-incomplete',
    'The other chunks are gone; the producer has to send the image again.',
  );

const settled = (status: ImageStatus | 'erased' | undefined): ReplayPreview | undefined => {
  if (status === 'erased') return erased;
  if (status !== 'processed' && status !== 'rejected') return undefined;
  return { outcome: 'duplicate', detail: `The image is ${status} already, so nothing would change.` };
};

/** Says what would become of a dead letter that is sent again, by taking the steps that change nothing. */
export function makePreviewReplay({ storage, clock, processing, maxPixels }: ReplayPreviewDependencies) {
  async function tryStored(imageId: string, process: boolean): Promise<void> {
    const origin = await storage.rawOrigin(imageId);
    if (origin === undefined) {
      throw new DarkroomError(
        'claim-check-missing',
        'The bytes that this event refers to are not in the store.',
      );
    }
    if (!process) {
      await checkImage(await storage.openRaw(imageId), maxPixels);
    } else if (processing !== undefined) {
      await processing.process({ size: origin.bytes, open: () => storage.openRaw(imageId) });
    }
  }

  async function tryBytes(imageId: string, { bytes, sha256 }: WithBytes): Promise<void> {
    const facts = await checkImage([bytes], maxPixels);
    verifyDigest(facts, sha256);
    const stored = await storage.rawOrigin(imageId);
    const first = stored && (stored.sha256 ?? (await storage.digestOf(imageId)));
    if (first !== undefined && first !== facts.sha256) throw idReused(first, facts.sha256);
  }

  async function attempt(imageId: string, message: ImageMessage | undefined): Promise<void> {
    if (message === undefined) await tryStored(imageId, true);
    else if (message.form === 'claim-check') await tryStored(imageId, false);
    else if (message.form === 'chunk') throw incomplete();
    else await tryBytes(imageId, message);
  }

  return async (row: DeadLetterRow, record: DeadRecord | undefined): Promise<ReplayPreview> => {
    try {
      const before = row.image_id === null ? undefined : settled(await storage.statusOf(row.image_id));
      if (before !== undefined) return before;
      if (record === undefined || deleteAtOf(record.enqueuedAt) <= clock.now()) {
        throw new DarkroomError('claim-check-missing', 'What was in it is gone: its time was up.');
      }
      if (row.code === 'chunks-incomplete') throw incomplete();
      const { imageId, message } = imageOf(row, record);
      const found = settled(await storage.statusOf(imageId));
      if (found !== undefined) return found;
      await attempt(imageId, message);
      return applied;
    } catch (thrown) {
      const error = asDarkroomError(thrown);
      if (error.retryable || error.code === 'internal') throw error;
      return failsAgain(error);
    }
  };
}

export type PreviewReplay = ReturnType<typeof makePreviewReplay>;
