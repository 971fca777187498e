import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../../../shared/platform/clock.ts';
import { compactLake } from '../../../../shared/lake/compact.ts';
import { writePartition } from '../../../../shared/lake/partition-file.ts';
import { partitionPath } from '../../../../shared/lake/partitions.ts';
import { tableOf } from '../../../../shared/lake/schema.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(300, 4);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

const compact = () => compactLake({ store: warehouse.store, clock: systemClock });

/** New versions, whose keys belong between those that are there. */
async function changeEveryTenthMember() {
  const members = await warehouse.database.query('storefront', 'members', {
    where: [{ column: 'status', operator: '=', value: 'active' }],
  });
  for (const { member_id, membership } of members.filter((_, index) => index % 10 === 0)) {
    const other = membership === 'plus' ? 'standard' : 'plus';
    const change = { member_id, membership: other, status: 'active', reason: 'test' };
    await warehouse.database.execute('storefront', 'change_membership', change, { actor: 'service:test' });
  }
}

const members = () =>
  warehouse.inLake(async (lake) => {
    const select = 'SELECT * FROM read_parquet(';
    const file = `'${lake.directory}/dim_member/dim_member.parquet')`;
    return (await lake.ask(`${select}${file}`)).rows.map((row) => row.map(String));
  });
const inOrder = (rows: readonly string[][]): string[][] =>
  [...rows].sort(([leftKey, leftVersion], [rightKey, rightVersion]) =>
    leftKey === rightKey ? Number(leftVersion) - Number(rightVersion) : leftKey! < rightKey! ? -1 : 1,
  );

test('compaction sorts what late rows have put at the end, loses none, and does it once', async () => {
  await compact();
  await changeEveryTenthMember();
  await warehouse.exportAll();
  const before = await members();
  expect(before).not.toEqual(inOrder(before));

  const done = await compact();
  expect(done.filter(({ rewritten }) => rewritten > 0).map(({ table }) => table)).toEqual(['dim_member']);
  expect(await members()).toEqual(inOrder(before));
  expect((await warehouse.verify()).differences).toEqual([]);
  expect((await compact()).every(({ rewritten, removed }) => rewritten + removed === 0)).toBe(true);
}, 120_000);

test('an export after a compaction finds nothing to write, and changes rows where they are now', async () => {
  expect((await warehouse.exportAll()).every(({ written }) => written === 0)).toBe(true);
  await changeEveryTenthMember();
  await warehouse.exportAll();
  expect((await warehouse.verify()).differences).toEqual([]);
}, 120_000);

test('days of images that are all erased go, but the last file stays: a view over none would fail', async () => {
  const { store } = warehouse;
  const paths = async () => (await store.list('fact_images/')).map(({ path }) => path);
  for (const file of await store.list('fact_images/')) await store.remove(file);
  const days = ['2020-01-01', '2020-01-02', '2020-01-03'].map((day) => partitionPath('fact_images', day));
  for (const path of days) await writePartition(store, tableOf('fact_images'), path, undefined).commit();
  const done = (await compact()).find(({ table }) => table === 'fact_images');
  expect([done?.removed, done?.files]).toEqual([2, 1]);
  expect(await paths()).toEqual([days[2]]);
  await compact();
  expect(await paths()).toEqual([days[2]]);
}, 120_000);
