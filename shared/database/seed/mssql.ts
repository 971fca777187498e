import sql from 'mssql';
import { configOf } from '../mssql/pools.ts';
import { actor, type FirstIds, type SeedLoader } from './loader.ts';
import { itemRows, memberRow, productRow, transactionRow } from './rows.ts';

const loadProducts = `
  SET IDENTITY_INSERT orders.products ON;
  INSERT INTO orders.products (product_id, name, manufacturer, cost, weight, created_at, created_by, changed_at, changed_by)
  SELECT id, name, manufacturer, cost, weight, at, N'${actor}', at, N'${actor}'
  FROM OPENJSON(@rows) WITH (id bigint, name nvarchar(200), manufacturer nvarchar(200), cost decimal(19, 4),
                             weight decimal(12, 3), at datetime2(3));
  SET IDENTITY_INSERT orders.products OFF;`;

const loadMembers = `
  DECLARE @given TABLE (id bigint, name nvarchar(200), email nvarchar(320), born date, mobile nvarchar(30),
    membership nvarchar(20), status nvarchar(20), joined datetime2(3), changed datetime2(3));
  INSERT INTO @given
  SELECT id, name, email, born, mobile, membership, status, joined, changed
  FROM OPENJSON(@rows) WITH (id bigint, name nvarchar(200), email nvarchar(320), born date, mobile nvarchar(30),
    membership nvarchar(20), status nvarchar(20), joined datetime2(3), changed datetime2(3));
  SET IDENTITY_INSERT orders.members ON;
  INSERT INTO orders.members (member_id, name, email, date_of_birth, mobile, membership, status, joined_at, created_by,
                              changed_at, changed_by)
  SELECT id, name, email, born, mobile, membership, N'active', joined, N'${actor}', joined, N'${actor}' FROM @given;
  SET IDENTITY_INSERT orders.members OFF;
  UPDATE m
  SET status = g.status, status_reason = N'sample data', changed_at = g.changed, row_version = 2
  FROM orders.members AS m JOIN @given AS g ON g.id = m.member_id
  WHERE g.changed IS NOT NULL;`;

/** In one transaction, so that whatever happens the trigger is on afterwards. */
const loadTransactions = `
  SET XACT_ABORT ON;
  BEGIN TRANSACTION;
  DISABLE TRIGGER orders.transactions_history ON orders.transactions;
  SET IDENTITY_INSERT orders.transactions ON;
  INSERT INTO orders.transactions (transaction_id, member_id, request_key, membership, status, line_count, quantity,
                                   total_price, total_weight, placed_at, placed_day, placed_by, completed_at, completed_by,
                                   cancelled_at, cancelled_by, row_version)
  SELECT id, member, CONCAT(N'seed-', id), membership, status, lines, quantity, price, weight, placed,
         CONVERT(date, placed), N'${actor}',
         CASE status WHEN N'completed' THEN ended END, CASE status WHEN N'completed' THEN [by] END,
         CASE status WHEN N'cancelled' THEN ended END, CASE status WHEN N'cancelled' THEN [by] END,
         CASE status WHEN N'pending' THEN 1 ELSE 2 END
  FROM OPENJSON(@rows) WITH (id bigint, member bigint, membership nvarchar(20), status nvarchar(20), lines int,
    quantity int, price decimal(19, 4), weight decimal(12, 3), placed datetime2(3), ended datetime2(3), [by] nvarchar(200));
  SET IDENTITY_INSERT orders.transactions OFF;
  ENABLE TRIGGER orders.transactions_history ON orders.transactions;
  COMMIT;`;

const loadItems = `
  INSERT INTO orders.transaction_items (transaction_id, line, product_id, product_version, quantity, unit_price, unit_weight)
  SELECT id, line, product, 1, quantity, price, weight
  FROM OPENJSON(@rows) WITH (id bigint, line int, product bigint, quantity int, price decimal(19, 4),
                             weight decimal(12, 3));`;

/** `address` signs in as the owner. Orders get no entry in the history that they were placed; all else does. */
export async function mssqlLoader(address: string): Promise<SeedLoader> {
  const config = configOf(address, 'storage_writer', {});
  const pool = new sql.ConnectionPool({ ...config, requestTimeout: 600_000, pool: { max: 1, min: 1 } });
  await pool.connect();

  const next = async (table: string): Promise<number> => {
    const { recordset } = await pool
      .request()
      .query<{ last: string | number | null }>(`SELECT CONVERT(bigint, IDENT_CURRENT('${table}')) AS last`);
    return Number(recordset[0]?.last ?? 0) + 1;
  };
  const load = async (text: string, rows: readonly object[]): Promise<void> => {
    await pool.request().input('rows', sql.NVarChar(sql.MAX), JSON.stringify(rows)).query(text);
  };

  return {
    async reserve(): Promise<FirstIds> {
      return {
        members: await next('orders.members'),
        products: await next('orders.products'),
        transactions: await next('orders.transactions'),
      };
    },
    products: (given) => load(loadProducts, given.map(productRow)),
    members: (given) => load(loadMembers, given.map(memberRow)),
    transactions: async (given) => {
      await load(loadTransactions, given.map(transactionRow));
      await load(loadItems, given.flatMap(itemRows));
    },
    finish: () => Promise.resolve(),
    close: () => pool.close(),
  };
}
