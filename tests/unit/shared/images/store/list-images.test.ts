import { expect, test } from '@jest/globals';
import type { Database, Filter } from '../../../../../shared/database/port.ts';
import type { ImageRow } from '../../../../../shared/images/store/image-record.ts';
import { makeListImages } from '../../../../../shared/images/store/list-images.ts';
import { systemClock } from '../../../../../shared/platform/clock.ts';

test('an owner’s list has no image of somebody whose id differs in its letters’ case', async () => {
  const image = (image_id: string, owner: string) => ({ image_id, owner, uploaded_at: new Date(0) });
  // As Azure SQL answers for either of them.
  const rows = ['ann', 'Ann', 'ann', 'ANN'].map((owner, n) => image(`image-${n}`, owner));
  const list = makeListImages({
    database: {
      query: (_role: string, _view: string, { limit }: { limit: number }) =>
        Promise.resolve(rows.slice(0, limit)),
    } as unknown as Database,
    queries: { variants: () => Promise.resolve(new Map()), facts: () => Promise.resolve(new Map()) } as never,
    clock: systemClock,
  });
  const idsOf = async (owner?: string, limit = 10) =>
    (await list({ owner, limit } as Parameters<typeof list>[0])).images.map(({ imageId }) => imageId);
  expect(await idsOf('ann')).toEqual(['image-0', 'image-2']);
  expect(await idsOf()).toHaveLength(4);
  const page = await list({ owner: 'ann', limit: 2 });
  expect([page.images.length, page.next !== null]).toEqual([1, true]);
});

test('of what is due soon, an index leads to the first: the bound is on the column that orders the list', async () => {
  const asked: Filter<ImageRow>[] = [];
  const none = () => Promise.resolve(new Map<string, never>());
  const list = makeListImages({
    database: {
      query: (_role: string, _view: string, filter: Filter<ImageRow>) => {
        asked.push(filter);
        return Promise.resolve([]);
      },
    } as unknown as Database,
    queries: { variants: none, facts: none } as never,
    clock: { now: () => new Date('2026-03-10T12:00:00.000Z') },
  });
  await list({ dueWithinHours: 24, limit: 50 });
  const [{ where = [], orderBy = [] } = {}] = asked;
  const bound = { column: orderBy[0]![0], operator: '<=', value: new Date('2026-03-04T12:00:00.000Z') };
  expect(where).toContainEqual(bound);
  expect(where).not.toContainEqual(expect.objectContaining({ column: 'delete_at', operator: '<=' }));
});
