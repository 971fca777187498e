import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyLake } from '../../../infra/local/lake/copy.ts';
import { openLakeDirectory } from '../../../infra/local/lake/open.ts';
import { startWarehouse, type TestWarehouse } from '../../support/warehouse.ts';

let warehouse: TestWarehouse;
let directory: string;
let empty: string;
/** Where the CLI has its temporary files. */
let scratch: string;
const filesIn = (place: string) => readdir(place, { recursive: true });

beforeAll(async () => {
  warehouse = await startWarehouse(60, 2);
  await warehouse.exportAll();
  [directory, empty, scratch] = (await Promise.all(
    ['lake', 'empty', 'scratch'].map((name) => mkdtemp(join(tmpdir(), `lake-query-${name}-`))),
  )) as [string, string, string];
  await copyLake(warehouse.store, directory);
}, 180_000);
afterAll(async () => {
  await Promise.all([directory, empty, scratch].map((place) => rm(place, { recursive: true })));
  await warehouse.stop();
});

async function query(sql: string, ...words: string[]) {
  const args = ['cli/darkroom.mjs', 'lake', 'query', sql, ...words];
  const run = promisify(execFile)(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: scratch },
  });
  return run.then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
}
const onDisk = (sql: string, ...words: string[]) => query(sql, '--directory', directory, ...words);

const counted = `SELECT status, count(*)::int AS orders, sum(total_price) AS price
  FROM fact_transactions GROUP BY status ORDER BY status`;

describe('npx darkroom lake query', () => {
  test('answers from the storage and from a directory what the database has, as JSON, CSV and a table', async () => {
    const orders = await warehouse.database.query('storefront', 'orders');
    const expected = [...new Set(orders.map(({ status }) => status))].toSorted().map((status) => {
      const own = orders.filter((order) => order.status === status);
      const total = own.reduce((sum, { total_price: price }) => sum + BigInt(price.replace('.', '')), 0n);
      return { status, orders: own.length, price: String(total).replace(/(\d{4})$/, '.$1') };
    });
    expect(expected.length).toBeGreaterThan(1);
    const stored = await query(counted, '--storage', warehouse.stores.storage, '--json');
    expect(JSON.parse(stored.stdout)).toEqual(expected);
    const { stdout: csv } = await onDisk(counted, '--csv');
    const lines = expected.map(({ status, orders: count, price }) => `${status},${count},${price}`);
    expect(csv.trim().split('\n')).toEqual(['status,orders,price', ...lines]);
    const { stdout: table } = await onDisk(counted);
    expect(
      table
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/ +/).join(',')),
    ).toEqual(['status,orders,price', ...lines]);
  });

  test('keeps a text that a spreadsheet would calculate a text, and a negative number a number', async () => {
    const { stdout } = await onDisk(
      "SELECT '=1+1' AS text, -1.50::decimal(5,2) AS number, -2 AS whole",
      '--csv',
    );
    expect(stdout).toBe("text,number,whole\n'=1+1,-1.50,-2\n");
  });

  test('takes comments before a question', async () => {
    const { code } = await onDisk('/* of a day */ -- sales\n (SELECT count(*) FROM fact_sales)');
    expect(code).toBe(0);
  });

  test('describes a table', async () => {
    const { stdout } = await onDisk('DESCRIBE dim_product', '--json');
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ column_name: 'cost', column_type: 'DECIMAL(19,4)' }),
    );
  });

  const copyOf = (place: string): string => join(place, 'stolen.csv');
  test.each([
    ['CREATE TABLE stolen AS SELECT 1', 'can only be read'],
    ['DROP VIEW fact_sales', 'can only be read'],
    ['DELETE FROM fact_sales', 'can only be read'],
    ['WITH one AS (SELECT 1) INSERT INTO fact_sales SELECT * FROM one', 'fact_sales is not'],
    ["COPY fact_sales TO 'HERE'", 'can only be read'],
    ["EXPLAIN ANALYZE COPY fact_sales TO 'HERE'", 'can only be read'],
    ["ATTACH 'HERE'", 'can only be read'],
    ["EXPORT DATABASE 'HERE'", 'can only be read'],
    ["/* /* */ select */ EXPORT DATABASE 'HERE'", 'can only be read'],
    ['INSTALL httpfs', 'can only be read'],
    ['LOAD httpfs', 'can only be read'],
    ["SET memory_limit = '64GB'", 'can only be read'],
    ['SELECT 1; SELECT 2', 'Ask one question'],
    [' ', 'can only be read'],
    ["SELECT * FROM read_text('/etc/hostname')", 'Cannot access file'],
    ["SELECT * FROM glob('/etc/*')", 'Cannot access file'],
    ["SELECT * FROM read_parquet('https://example.com/x.parquet')", 'Cannot access file'],
    ['SELECT 1 FRM x', 'syntax error'],
    ['(SELECT 1', 'syntax error'],
    ['PIVOT fact_sales ON status USING count(*)', 'can only be read'],
  ])('refuses %s and writes nothing', async (sql, says) => {
    const before = await filesIn(directory);
    const lake = await openLakeDirectory(directory);
    await expect(lake.ask(sql.replace('HERE', copyOf(directory)))).rejects.toThrow(says);
    await lake.close();
    expect(await filesIn(directory)).toEqual(before);
  });

  test.each([
    ["COPY fact_sales TO 'stolen.csv'", 'can only be read'],
    ['SELECT * FROM fact_salez', 'The tables are dim_date'],
    ['SELECT 1 FRM x', 'syntax error'],
  ])('says why it refuses %s, on standard error, with code 1', async (sql, says) => {
    const { code, stdout, stderr } = await onDisk(sql);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^darkroom: /);
    expect(stderr).toContain(says);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves no copy of the lake behind when %s stops it',
    async (signal) => {
      const endless =
        'SELECT sum(hash(a.range + b.range)) FROM range(100000000) AS a, range(100000) AS b, fact_sales';
      const args = ['cli/darkroom.mjs', 'lake', 'query', endless, '--storage', warehouse.stores.storage];
      const running = spawn(process.execPath, args, {
        env: { ...process.env, NODE_OPTIONS: '', TMPDIR: scratch },
      });
      const ended = once(running, 'exit');
      while (!(await filesIn(scratch)).some((name) => name.endsWith('.parquet'))) await setTimeout(20);
      // Until it is asked, too.
      await setTimeout(1_000);
      running.kill(signal);
      expect(await ended).toEqual([null, signal]);
      expect(await filesIn(scratch)).toEqual([]);
    },
  );

  test('says that an answer needs more memory than it may have', async () => {
    const big = 'SELECT * FROM range(20000000) AS a ORDER BY hash(a.range)';
    const { code, stderr } = await onDisk(big, '--memory', '50MB');
    expect([code, stderr]).toEqual([1, expect.stringContaining('say --memory SIZE')]);
  });

  test('says of a lake without files how they come there', async () => {
    const { code, stderr } = await query('SELECT * FROM fact_sales', '--directory', empty);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no fact_sales in this lake yet: run "npx darkroom lake export"');
  });

  test('leaves no copy of the lake behind', async () => {
    const words = ['--storage', warehouse.stores.storage];
    expect((await query('SELECT count(*) FROM dim_date', ...words)).code).toBe(0);
    expect((await query('SELECT nothing FROM dim_date', ...words)).code).toBe(1);
    expect(await readdir(scratch)).toEqual([]);
  });
});
