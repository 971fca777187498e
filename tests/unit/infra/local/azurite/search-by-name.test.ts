import { beforeAll, expect, test } from '@jest/globals';
import { azuritesLoki } from '../../../../../infra/local/azurite/loki.ts';
import { searchByName } from '../../../../../infra/local/azurite/search-by-name.ts';

interface Row {
  readonly accountName: string;
  readonly containerName: string;
  readonly name: string;
  readonly snapshot: string;
}

interface Collection {
  insert(row: Row): void;
  find(query: object): Row[];
  findOne(query: object): Row | null;
  findAndRemove(query: object): void;
  count(query?: object): number;
}

type Loki = new (file: string) => { addCollection(name: string, options: object): Collection };

const size = 2_000;
let read = 0;
let rows: Collection;

/** As Azurite keeps a blob; each look at it is counted. */
function row(name: string, containerName = 'raw', snapshot = ''): Row {
  return Object.defineProperty({ containerName, name, snapshot } as Row, 'accountName', {
    enumerable: true,
    get: () => {
      read += 1;
      return 'darkroom';
    },
  });
}

const where = (name: string, containerName = 'raw') => ({ accountName: 'darkroom', containerName, name });

beforeAll(() => {
  searchByName(azuritesLoki());
  const indices = ['accountName', 'containerName', 'name', 'snapshot'];
  rows = new (azuritesLoki() as unknown as Loki)('memory').addCollection('blobs', { indices });
  for (let index = 0; index < size; index++) rows.insert(row(`image-${index}`));
  rows.insert(row('image-7', 'processed'));
  rows.insert(row('image-7', 'raw', '2026-01-01'));
});

test('a row is found by its name without a look at the others', () => {
  read = 0;
  expect(rows.findOne({ ...where('image-1234'), snapshot: '' })).toMatchObject({ name: 'image-1234' });
  expect(read).toBeLessThan(10);
});

test('all conditions hold, whichever is asked for first', () => {
  const snapshots = rows.find(where('image-7')).map(({ snapshot }) => snapshot);
  expect(snapshots.sort()).toEqual(['', '2026-01-01']);
  expect(rows.count(where('image-7', 'processed'))).toBe(1);
  expect(rows.find(where('image-7', 'elsewhere'))).toEqual([]);
  expect(rows.count({ accountName: 'darkroom', containerName: 'raw' })).toBe(size + 1);
  expect(rows.find({ ...where('image-7'), snapshot: { $gt: '' } })).toHaveLength(1);
});

test('what a query matches is removed, nothing else, and all is still found', () => {
  rows.findAndRemove(where('image-7'));
  expect(rows.count()).toBe(size);
  expect(rows.findOne(where('image-7'))).toBeNull();
  expect(rows.findOne(where('image-7', 'processed'))).not.toBeNull();
  for (const at of [0, 6, 8, size - 1]) expect(rows.findOne(where(`image-${at}`))).not.toBeNull();
  rows.findAndRemove(where('nobody'));
  expect(rows.count()).toBe(size);
});
