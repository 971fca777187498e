import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { azureInterface } from '../../../infra/sql-interface/azure.ts';
import { differencesOf } from '../../../infra/sql-interface/compare.ts';
import { embeddedInterface } from '../../../infra/sql-interface/embedded.ts';
import { migrationOf, readMigrations } from '../../../shared/database/migrations/files.ts';
import { testDatabase, type TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase | undefined;
let owner: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.owner });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database?.drop();
});

/** The database with this done to it, and undone afterwards. */
async function embedded(change = ''): Promise<Awaited<ReturnType<typeof embeddedInterface>>> {
  await owner.query(`BEGIN; ${change}`);
  try {
    return await embeddedInterface(async (statement) => (await owner.query<object>(statement)).rows);
  } finally {
    await owner.query('ROLLBACK');
  }
}

test('the two engines and the catalogue have one interface: views, columns, parameters, types, codes, grants', async () => {
  const [azure, postgres] = [await azureInterface(), await embedded()];
  expect(differencesOf(azure, postgres)).toEqual([]);
  expect([azure.views.size, azure.procedures.size]).toEqual([postgres.views.size, postgres.procedures.size]);
  expect(azure.views.size).toBeGreaterThan(40);
  expect(azure.procedures.size).toBeGreaterThan(20);
  expect([...azure.codes.get('logistics.complete_order')!].sort()).toEqual(['404', '409', '412']);
});

/** A fault in a file of sql/azure, and what the check says of it. */
const planted: readonly (readonly [file: string, from: string, to: string, said: string])[] = [
  [
    'repeatable/logistics.sql',
    'CREATE VIEW logistics.daily',
    'CREATE VIEW logistics.dayly',
    'view logistics.daily is only in embedded',
  ],
  [
    'repeatable/sales.sql',
    'retired_at, retired_by, row_version',
    'retired_by, retired_at, row_version',
    'azure has the columns',
  ],
  [
    'repeatable/operations.sql',
    'COALESCE(r.replays, 0) AS replays',
    'COALESCE(r.replays, 0) AS repeats',
    'azure has the columns',
  ],
  [
    'repeatable/warehouse.sql',
    'CONVERT(bigint, 1) AS changed',
    '1 AS changed',
    'changed is int in azure, bigint in embedded',
  ],
  [
    'repeatable/operations.sql',
    'COUNT_BIG(DISTINCT image_id)',
    'COUNT(DISTINCT image_id)',
    'images is int in azure, bigint in embedded',
  ],
  [
    '002-imaging-tables.sql',
    '  owner           nvarchar(256)',
    '  owner           nvarchar(200)',
    'owner is text(200) in azure, text(256) in embedded',
  ],
  [
    'repeatable/storefront.sql',
    '@placed_at datetime2(3) = NULL',
    '@placed_at datetime2(3)',
    'procedure storefront.place_order: azure takes',
  ],
  [
    'repeatable/sales.sql',
    '@product_id bigint, @row_version int = NULL AS',
    '@product_id int, @row_version int = NULL AS',
    'procedure sales.retire_product: azure takes',
  ],
  [
    'repeatable/orders.sql',
    "THROW 51412, N'Somebody",
    "THROW 51409, N'Somebody",
    'procedure sales.correct_product: azure raises',
  ],
  ['repeatable/imaging.sql', "THROW 51503, N'The database", "THROW 51410, N'The database", 'azure raises'],
  [
    '001-schemas-and-roles.sql',
    'SCHEMA::sales TO sales',
    'SCHEMA::sales TO analytics',
    'azure grants analytics: SELECT on sales',
  ],
  [
    '001-schemas-and-roles.sql',
    'GRANT SELECT, EXECUTE ON SCHEMA::warehouse',
    'GRANT SELECT ON SCHEMA::warehouse',
    'azure does not grant warehouse: EXECUTE on warehouse',
  ],
];

describe('a fault planted in sql/azure is told:', () => {
  test.each(planted)('%s: %s → %s', async (name, from, to, said) => {
    const files = await readMigrations('azure');
    const file = files.find((one) => one.name === name)!;
    expect(file.sql).toContain(from);
    const faulty = files.map((one) => (one === file ? migrationOf(name, file.sql.replace(from, to)) : one));
    const differences = differencesOf(await azureInterface(faulty), await embedded());
    expect(differences.join('\n')).toContain(said);
  });

  test('a column that is not there is refused where it stands', async () => {
    const files = await readMigrations('azure');
    const faulty = files.map((one) =>
      one.name === 'repeatable/storage_reader.sql'
        ? migrationOf(one.name, one.sql.replace('SELECT image_id', 'SELECT id'))
        : one,
    );
    await expect(azureInterface(faulty)).rejects.toThrow(/storage_reader\.sql: there is no column id/);
  });
});

describe('a fault planted in PostgreSQL is told:', () => {
  test.each([
    [
      'ALTER VIEW storefront.orders RENAME COLUMN lines TO items',
      'view storefront.orders: azure has the columns',
    ],
    ['DROP VIEW storefront.orders', 'view storefront.orders is only in azure'],
    [
      'CREATE FUNCTION sales.remove_product(p_id bigint) RETURNS void LANGUAGE sql RETURN NULL',
      'procedure sales.remove_product of embedded is not in the catalogue',
    ],
    [
      'ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT SELECT ON TABLES TO logistics; GRANT USAGE ON SCHEMA sales TO logistics',
      'embedded grants logistics: SELECT on sales',
    ],
    ['REVOKE USAGE ON SCHEMA sales FROM sales', 'embedded does not grant sales: SELECT on sales'],
  ])('%s', async (change, said) => {
    expect(differencesOf(await azureInterface(), await embedded(change)).join('\n')).toContain(said);
  });
});
