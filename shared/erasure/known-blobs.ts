import { containers } from '../containers.ts';
import type { Database } from '../database/port.ts';
import type { KnownBlob } from '../storage/erasure-store.ts';
import type { ErasureTarget } from './erase.ts';

/**
 * The blobs that the rows speak of: two questions for many images, where a listing would be several requests for each.
 * By the time an image is due, sweeps have long taken what rows do not speak of.
 */
export async function knownBlobs(
  database: Database,
  targets: readonly ErasureTarget[],
): Promise<KnownBlob[]> {
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
      ...{ imageId, container: containers.raw, name: imageId, bytes: bytes ?? 0 },
    })),
    ...variants.map((row) => ({
      ...{ imageId: row.image_id, container: containers.processed, name: row.path, bytes: row.bytes },
    })),
    ...payloads.map((row) => ({
      ...{ imageId: row.image_id!, container: containers.deadLetters, name: row.claim_check!, bytes: 0 },
    })),
  ];
}
