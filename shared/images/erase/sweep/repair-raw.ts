import type { Origin } from '../../../platform/image-origin.ts';
import { deleteAtOf } from '../../../platform/retention.ts';
import { slices } from '../../../platform/slices.ts';
import type { Database } from '../../../database/port.ts';
import { hubs } from '../../../stream/hubs.ts';
import { imageReceivedEvent } from '../../store/image-received-event.ts';
import type { RawBlob } from '../../store/inventory.ts';
import { erasedAmong, questionSize } from '../erased-among.ts';
import { actor, isSettled, type SweepDependencies } from './dependencies.ts';

type StoredImage = RawBlob & { readonly origin: Origin };

export const isImage = (blob: RawBlob): blob is StoredImage => blob.origin !== undefined;

const idOf = ({ imageId }: StoredImage): string => imageId;

const targetOf = ({ imageId, origin: { uploadedAt } }: StoredImage) => ({
  imageId,
  uploadedAt,
  deleteAt: deleteAtOf(uploadedAt),
});

async function idsWithRow(database: Database, imageIds: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const ids of slices(imageIds, questionSize)) {
    const where = [{ column: 'image_id', operator: 'in', value: ids }] as const;
    for (const row of await database.query('storage_writer', 'images', { where })) found.add(row.image_id);
  }
  return found;
}

async function resend({ events, clock, log }: SweepDependencies, origin: Origin): Promise<void> {
  const { imageId, correlationId } = origin;
  log.warn('sweep.event-lost', { imageId, correlationId });
  // Without the owner, whom the hub would keep past the image's time; who reads the event finds it with the bytes.
  await events.send(hubs.stream, imageReceivedEvent({ imageId, correlationId, at: clock.now() }));
}

/** Committed raw bytes without a row: erased where they should be gone, else announced again. */
export async function repairRaw(
  dependencies: SweepDependencies,
  blobs: readonly RawBlob[],
  dryRun: boolean,
): Promise<{ erased: number; resent: number; failed: number }> {
  const { database, erase, clock, log } = dependencies;
  const settled = blobs.filter(isImage).filter(isSettled);
  const withRow = await idsWithRow(database, settled.map(idOf));
  const withoutRow = settled.filter(({ imageId }) => !withRow.has(imageId));
  const erased = await erasedAmong(database, withoutRow.map(idOf));
  const isOver = ({ imageId, origin }: StoredImage): boolean =>
    erased.has(imageId) || deleteAtOf(origin.uploadedAt) <= clock.now();
  const { over = [], lost = [] } = Object.groupBy(withoutRow, (blob) => (isOver(blob) ? 'over' : 'lost'));
  if (dryRun) return { erased: over.length, resent: lost.length, failed: 0 };
  const failures = new Map<string, unknown>();
  try {
    const { failed } = await erase(over.map(targetOf), 'sweep', actor);
    for (const [imageId, error] of failed) failures.set(imageId, error);
  } catch (error) {
    for (const { imageId } of over) failures.set(imageId, error);
  }
  const notErased = failures.size;
  for (const { imageId, origin } of lost) {
    await resend(dependencies, origin).catch((error: unknown) => failures.set(imageId, error));
  }
  for (const [imageId, error] of failures) log.error('sweep.failed', error, { imageId });
  const notSent = failures.size - notErased;
  return { erased: over.length - notErased, resent: lost.length - notSent, failed: failures.size };
}
