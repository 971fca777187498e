import { containers } from '../../platform/blobs/containers.ts';
import type { Database } from '../../database/port.ts';
import { rawBlob } from '../store/blob-layout.ts';
import type { ImageBlob } from '../store/erasure-store.ts';
import type { ErasureTarget } from './erasure-target.ts';

/**
 * The blobs that the rows speak of: two questions for many images, where a listing would be several requests for each.
 * By the time an image is due, sweeps have long taken what rows do not speak of.
 */
export async function imageBlobs(
  database: Database,
  targets: readonly ErasureTarget[],
): Promise<ImageBlob[]> {
  if (targets.length === 0) return [];
  const where = [
    { column: 'image_id', operator: 'in', value: targets.map(({ imageId }) => imageId) },
  ] as const;
  const [variants, payloads] = await Promise.all([
    database.query('storage_writer', 'image_variants', { where }),
    database.query('storage_writer', 'dead_letter_payloads', { where }),
  ]);
  return [
    ...targets.map(({ imageId, bytes }) => ({
      ...{ imageId, container: containers.raw, name: rawBlob(imageId), bytes: bytes ?? 0 },
    })),
    ...variants.map((row) => ({
      ...{ imageId: row.image_id, container: containers.processed, name: row.path, bytes: row.bytes },
    })),
    ...payloads.map((row) => ({
      ...{ imageId: row.image_id!, container: containers.deadLetters, name: row.claim_check!, bytes: 0 },
    })),
  ];
}
