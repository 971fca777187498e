import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { containers } from '../../shared/platform/blobs/containers.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { exportTable } from '../../shared/lake/export-table.ts';
import { requireLakeStore } from '../../shared/lake/open.ts';
import { openLakeCopy } from '../../infra/local/lake/open.ts';
import { runAzurite } from '../support/azurite.ts';
import type { Bench } from './harness/bench.ts';
import { madeUpSales } from './warehouse-export/rows.ts';

const rows = 200_000;
const main = fileURLToPath(new URL('warehouse-export/main.ts', import.meta.url));
const run = promisify(execFile);
const closers: (() => Promise<unknown>)[] = [];

interface Stage {
  readonly directory: string;
  readonly storage: string;
  readonly store: ReturnType<typeof requireLakeStore>;
}

async function stage(): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-bench-'));
  const { component, storage } = await runAzurite(directory);
  closers.push(async () => {
    await component.stop();
    await rm(directory, { recursive: true, force: true });
  });
  await blobService(storage).getContainerClient(containers.lake).createIfNotExists();
  const store = requireLakeStore({ DARKROOM_LAKE_STORAGE: storage, DARKROOM_LAKE_CLIENT_ID: undefined });
  return { directory, storage, store };
}

const exportRows = async ({ store }: Stage): Promise<number> => {
  const began = performance.now();
  const parts = { database: madeUpSales(rows), store, clock: systemClock };
  await exportTable(parts, 'fact_sales', { rebuild: true });
  return rows / ((performance.now() - began) / 1000);
};

/** The rows as the lake has them, in a table of DuckDB. */
async function sameRows({ store }: Stage): Promise<DuckDBConnection> {
  const lake = await openLakeCopy(store, ['fact_sales']);
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(
    `CREATE TABLE sales AS SELECT * FROM read_parquet('${lake.directory}/fact_sales/**/*.parquet', hive_partitioning = false)`,
  );
  await lake.close();
  return connection;
}

async function copyRows(connection: DuckDBConnection, { directory }: Stage): Promise<number> {
  const began = performance.now();
  await connection.run(
    `COPY (SELECT *, year(day) AS y, month(day) AS m, day(day) AS d FROM sales) TO '${directory}/copy'
     (FORMAT parquet, PARTITION_BY (y, m, d), OVERWRITE true)`,
  );
  return rows / ((performance.now() - began) / 1000);
}

const highWater = async ({ storage }: Stage, count: number): Promise<number> => {
  const { stdout } = await run(process.execPath, ['--no-warnings', main, String(count), storage]);
  const { megabytes, seconds } = JSON.parse(stdout) as { megabytes: number; seconds: number };
  console.error(`  ${count} rows: ${Math.round(count / seconds)} rows/s, ${Math.round(megabytes)} MB`);
  return megabytes;
};

const bench: Bench = {
  about: 'rows exported to the lake, beside DuckDB COPY; memory at one and ten million rows',
  async cases() {
    const at = await stage();
    await exportRows(at);
    const connection = await sameRows(at);
    return [
      {
        name: `export of ${rows} items over 100 days`,
        unit: 'rows/s',
        runs: 5,
        warmUps: 1,
        contenders: {
          'darkroom, to blobs': () => exportRows(at),
          'DuckDB COPY, to disk': () => copyRows(connection, at),
        },
        compare: [['darkroom, to blobs', 'DuckDB COPY, to disk']],
      },
      {
        name: 'memory high-water mark of an export',
        unit: 'MB',
        runs: 1,
        warmUps: 0,
        contenders: {
          '10 million rows': () => highWater(at, 10_000_000),
          '1 million rows': () => highWater(at, 1_000_000),
        },
        compare: [['10 million rows', '1 million rows']],
      },
    ];
  },
  async close() {
    for (const close of closers) await close();
  },
};

export default bench;
