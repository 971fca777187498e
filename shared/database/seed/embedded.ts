import pg from 'pg';
import { actor, type FirstIds, type SeedLoader } from './loader.ts';
import { itemRows, memberRow, productRow, transactionRow } from './rows.ts';

/** One column of all rows, as an array that the server unnests: the fastest way in that needs no file. */
const column = <T extends object, K extends keyof T>(rows: readonly T[], name: K): T[K][] =>
  rows.map((row) => row[name]);

const loadProducts = `
  WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::timestamptz[])
      AS g (id, name, manufacturer, cost, weight, at)
  ), rows AS (
    INSERT INTO orders.products (product_id, name, manufacturer, cost, weight, created_at, created_by, changed_at, changed_by)
    SELECT id, name, manufacturer, cost, weight, at, '${actor}', at, '${actor}' FROM given
    RETURNING product_id
  )
  INSERT INTO orders.product_history (product_id, version, name, manufacturer, cost, weight, is_active, actor, valid_from)
  SELECT id, 1, name, manufacturer, cost, weight, true, '${actor}', at FROM given`;

const loadMembers = `
  WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[],
                         $8::timestamptz[], $9::timestamptz[])
      AS g (id, name, email, born, mobile, membership, status, joined, changed)
  ), rows AS (
    INSERT INTO orders.members (member_id, name, email, date_of_birth, mobile, membership, status, joined_at, created_by,
                                changed_at, changed_by, row_version)
    SELECT id, name, email, born, mobile, membership, status, joined, '${actor}', coalesce(changed, joined), '${actor}',
           CASE WHEN changed IS NULL THEN 1 ELSE 2 END
    FROM given
    RETURNING member_id
  )
  INSERT INTO orders.member_history (member_id, version, membership, status, actor, valid_from, valid_to)
  SELECT id, 1, membership, 'active', '${actor}', joined, changed FROM given
  UNION ALL
  SELECT id, 2, membership, status, '${actor}', changed, NULL FROM given WHERE changed IS NOT NULL`;

const loadTransactions = `
  INSERT INTO orders.transactions (transaction_id, member_id, request_key, membership, status, line_count, quantity,
                                   total_price, total_weight, placed_at, placed_by, completed_at, completed_by,
                                   cancelled_at, cancelled_by, row_version)
  SELECT id, member, 'seed-' || id, membership, status, lines, quantity, price, weight, placed, '${actor}',
         CASE status WHEN 'completed' THEN ended END, CASE status WHEN 'completed' THEN by END,
         CASE status WHEN 'cancelled' THEN ended END, CASE status WHEN 'cancelled' THEN by END,
         CASE status WHEN 'pending' THEN 1 ELSE 2 END
  FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::int[], $7::numeric[], $8::numeric[],
              $9::timestamptz[], $10::timestamptz[], $11::text[])
    AS g (id, member, membership, status, lines, quantity, price, weight, placed, ended, by)`;

const loadItems = `
  INSERT INTO orders.transaction_items (transaction_id, line, product_id, product_version, quantity, unit_price, unit_weight)
  SELECT id, line, product, 1, quantity, price, weight
  FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::int[], $5::numeric[], $6::numeric[])
    AS g (id, line, product, quantity, price, weight)`;

/** Beyond the identity's last value, so that orders placed meanwhile get other ids. */
const reserveIds = async (client: pg.Client, table: string, id: string, count: number): Promise<number> => {
  const { rows } = await client.query<{ first: string }>(
    `SELECT nextval(pg_get_serial_sequence('${table}', '${id}')) AS first`,
  );
  const first = Number(rows[0]!.first);
  await client.query(`SELECT setval(pg_get_serial_sequence('${table}', '${id}'), $1)`, [first + count]);
  return first;
};

/**
 * `address` signs in as the owner. History is written by the loader itself, so the triggers that keep it are off: an
 * order that was never anything but sample data needs no entry that it was placed.
 */
export async function embeddedLoader(address: string): Promise<SeedLoader> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();

  /** Each set is a transaction of its own, in which nothing but plain inserts happens. */
  async function load(...statements: readonly (readonly [text: string, values: unknown[]])[]): Promise<void> {
    await client.query("BEGIN; SET LOCAL session_replication_role = 'replica'");
    try {
      for (const [text, values] of statements) await client.query(text, values);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  }

  return {
    async reserve(counts): Promise<FirstIds> {
      return {
        members: await reserveIds(client, 'orders.members', 'member_id', counts.members),
        products: await reserveIds(client, 'orders.products', 'product_id', counts.products),
        transactions: await reserveIds(client, 'orders.transactions', 'transaction_id', counts.transactions),
      };
    },
    products: (given) => {
      const rows = given.map(productRow);
      const names = ['id', 'name', 'manufacturer', 'cost', 'weight', 'at'] as const;
      return load([loadProducts, names.map((name) => column(rows, name))]);
    },
    members: (given) => {
      const rows = given.map(memberRow);
      const names = [
        ...(['id', 'name', 'email', 'born', 'mobile', 'membership'] as const),
        ...(['status', 'joined', 'changed'] as const),
      ];
      return load([loadMembers, names.map((name) => column(rows, name))]);
    },
    transactions: (given) => {
      const rows = given.map(transactionRow);
      const items = given.flatMap(itemRows);
      const names = [
        ...(['id', 'member', 'membership', 'status', 'lines', 'quantity'] as const),
        ...(['price', 'weight', 'placed', 'ended', 'by'] as const),
      ];
      const itemNames = ['id', 'line', 'product', 'quantity', 'price', 'weight'] as const;
      return load(
        [loadTransactions, names.map((name) => column(rows, name))],
        [loadItems, itemNames.map((name) => column(items, name))],
      );
    },
    async finish() {
      await client.query(
        'ANALYZE orders.members, orders.products, orders.transactions, orders.transaction_items',
      );
      await client.query('ANALYZE orders.member_history, orders.product_history');
    },
    close: () => client.end(),
  };
}
