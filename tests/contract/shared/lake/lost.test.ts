import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../../../shared/platform/clock.ts';
import type { Database } from '../../../../shared/database/port.ts';
import { exportTable } from '../../../../shared/lake/export-table.ts';
import { Killed, killer } from '../../../support/killed-export.ts';
import { startWarehouse, type TestWarehouse } from '../../../support/warehouse.ts';

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await startWarehouse(300, 5);
  await warehouse.exportAll();
}, 180_000);
afterAll(() => warehouse.stop());

async function loseTheFiles() {
  for (const file of await warehouse.store.list('fact_sales/')) await warehouse.store.remove(file);
}
const exportSales = (parts: Pick<TestWarehouse, 'store' | 'database'>, rebuild = false) =>
  exportTable({ ...parts, clock: systemClock }, 'fact_sales', { rebuild });

async function stepsOf(rebuild: boolean): Promise<number> {
  const counting = killer(warehouse);
  await exportSales(counting, rebuild);
  return counting.steps();
}

test('what a lake that was lost had is all there again, wherever the export that writes it anew was killed', async () => {
  await loseTheFiles();
  const steps = await stepsOf(false);
  expect(steps).toBeGreaterThan(10);
  for (let after = 0; after < steps; after += 1) {
    await loseTheFiles();
    await expect(exportSales(killer(warehouse, after))).rejects.toThrow(Killed);
    await exportSales(warehouse);
    expect((await warehouse.verify()).differences).toEqual([]);
  }
}, 300_000);

/** As a restore of the database leaves the lake: with a row that the database has never heard of. */
async function addAStranger() {
  const [file] = await warehouse.store.list('fact_sales/');
  const bytes = new Uint8Array(await (await warehouse.store.read(file!)).slice(0));
  const stranger = warehouse.store.replace(
    'fact_sales/year=2001/month=01/day=01/fact_sales.parquet',
    undefined,
  );
  await stranger.write(bytes);
  await stranger.commit(file!.rows);
}

test('a rebuild that was killed is ended by the next export, which nobody has told to rebuild', async () => {
  const steps = await stepsOf(true);
  // From the note on, which is the fifth step.
  for (let after = 5; after < steps; after += 3) {
    await addAStranger();
    await expect(exportSales(killer(warehouse, after), true)).rejects.toThrow(Killed);
    await exportSales(warehouse);
    expect((await warehouse.verify()).differences).toEqual([]);
  }
  expect(await exportSales(warehouse)).toMatchObject({ changed: 0, written: 0 });
}, 180_000);

test('an export that dies when all files are written, before its watermark moves, leaves nothing to write to the next', async () => {
  const [order] = await warehouse.database.query('logistics', 'orders', {
    where: [{ column: 'status', operator: '=', value: 'pending' }],
    limit: 1,
  });
  const { order_id } = order!;
  await warehouse.database.execute('logistics', 'complete_order', { order_id }, { actor: 'service:test' });
  const database: Database = { ...warehouse.database, execute: () => Promise.reject(new Killed()) };
  await expect(exportSales({ store: warehouse.store, database })).rejects.toThrow(Killed);
  const next = await exportSales(warehouse);
  expect(next.changed).toBeGreaterThan(0);
  expect(next.written).toBe(0);
  await warehouse.exportAll();
  expect((await warehouse.verify()).differences).toEqual([]);
}, 60_000);
