import { expect, test } from '@jest/globals';
import type { Database } from '../../../../../shared/database/port.ts';
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
