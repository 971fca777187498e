import type { Condition, Database } from '../../database/port.ts';
import { hour, type Clock } from '../../platform/clock.ts';
import { uploadedAtOf } from '../../platform/retention.ts';
import { pageOf } from '../../platform/paging/page.ts';
import type { ImageQueries } from './image-queries.ts';
import { imageRecord, type ImageRow } from './image-record.ts';
import type { ImageRecord, ImageSummary, StorageReader } from './ports.ts';

export interface ListImagesDependencies {
  readonly database: Database;
  readonly queries: ImageQueries;
  readonly clock: Clock;
}

/** Their variants and facts beside them. */
export async function withDetails(
  queries: ImageQueries,
  images: readonly ImageRecord[],
): Promise<ImageSummary[]> {
  const imageIds = images.map((image) => image.imageId);
  const [variants, facts] = await Promise.all([queries.variants(imageIds), queries.facts(imageIds)]);
  return images.map((image) => ({
    ...image,
    variants: variants.get(image.imageId) ?? [],
    facts: facts.get(image.imageId) ?? [],
  }));
}

export function makeListImages({ database, queries, clock }: ListImagesDependencies): StorageReader['list'] {
  return async ({ owner, status, dueWithinHours, limit, cursor }) => {
    const now = clock.now();
    const where: Condition<ImageRow>[] = [{ column: 'delete_at', operator: '>', value: now }];
    if (owner !== undefined) where.push({ column: 'owner', operator: '=', value: owner });
    if (status !== undefined) where.push({ column: 'status', operator: '=', value: status });
    if (dueWithinHours !== undefined) {
      const due = new Date(now.getTime() + dueWithinHours * hour);
      // By what the list is ordered by: an index leads there, and past all that is younger.
      where.push({ column: 'uploaded_at', operator: '<=', value: uploadedAtOf(due) });
    }
    const { rows, next } = await pageOf<ImageRow>({
      scope: JSON.stringify([owner ?? null, status ?? null, dueWithinHours ?? null]),
      ...{ limit, cursor },
      orderBy: [
        ['uploaded_at', 'desc'],
        ['image_id', 'desc'],
      ],
      fetch: (page) => database.query('storage_reader', 'images', { where, ...page }),
    });
    // SQL Server finds an owner in any case of letters: what is another's is left out, and the page is shorter.
    const own = rows.filter((row) => owner === undefined || row.owner === owner);
    return { images: await withDetails(queries, own.map(imageRecord)), next };
  };
}
