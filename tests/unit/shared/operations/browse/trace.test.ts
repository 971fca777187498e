import { expect, test } from '@jest/globals';
import type { Database } from '../../../../../shared/database/port.ts';
import { makeTrace } from '../../../../../shared/operations/browse/trace.ts';

test('a key leads to the images of nobody whose id differs in its letters’ case', async () => {
  const image = (image_id: string, owner: string) => ({ image_id, owner, uploaded_at: new Date(0) });
  const images = [image('one', 'ann'), image('two', 'Ann')];
  // As Azure SQL compares texts.
  const query = (
    _role: string,
    view: string,
    { where }: { where: readonly { column: string; value: string }[] },
  ) =>
    Promise.resolve(
      view !== 'images'
        ? []
        : images.filter((row) =>
            where.every(({ column, value }) => row[column as 'owner'].toLowerCase() === value.toLowerCase()),
          ),
    );
  const trace = makeTrace({
    database: { query } as unknown as Database,
    browse: () => Promise.resolve({ events: [], next: {}, scanned: 0, atEnd: true }),
    erasedAmong: () => Promise.resolve(new Set()),
  });
  const idsOf = async (key: string) => (await trace({ by: 'key', key })).images.map(({ imageId }) => imageId);
  expect(await idsOf('ann')).toEqual(['one']);
  expect(await idsOf('Ann')).toEqual(['two']);
});
