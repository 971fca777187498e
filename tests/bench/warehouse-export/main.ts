/** `main.ts ROWS STORAGE` exports as many made-up sales in a process of its own and says what that took. */
import { systemClock } from '../../../shared/platform/clock.ts';
import { exportTable } from '../../../shared/lake/export-table.ts';
import { requireLakeStore } from '../../../shared/lake/open.ts';
import { madeUpSales } from './rows.ts';

const [rows, storage] = process.argv.slice(2);
const store = requireLakeStore({ DARKROOM_LAKE_STORAGE: storage!, DARKROOM_LAKE_CLIENT_ID: undefined });
const began = performance.now();
const parts = { database: madeUpSales(Number(rows)), store, clock: systemClock };
const done = await exportTable(parts, 'fact_sales', { rebuild: true });
const seconds = (performance.now() - began) / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...done, seconds, megabytes })}\n`);
