import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf } from '../../../client/api.ts';
import { apiOf, type Connection } from '../../../client/connection.ts';
import { openDatabase } from '../../../shared/database/open.ts';
import type { Database } from '../../../shared/database/port.ts';
import { connected } from '../postgres/connected.ts';
import { fingerprint, type TableState } from '../postgres/fingerprint.ts';
import type { Stack } from '../stack.ts';

const actor = { actor: 'service:drill' };

async function withDatabase<T>({ endpoints }: Stack, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ DARKROOM_DATABASE: endpoints.database });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Places an order for each quantity, and answers their ids. */
export const placeOrders = (stack: Stack, quantities: readonly number[]): Promise<number[]> =>
  withDatabase(stack, async (database) => {
    const isActive = [{ column: 'is_active', operator: '=', value: true }] as const;
    const [product] = await database.query('sales', 'products', { where: isActive, limit: 1 });
    const active = [{ column: 'status', operator: '=', value: 'active' }] as const;
    const [member] = await database.query('storefront', 'members', { where: active, limit: 1 });
    const ids: number[] = [];
    for (const quantity of quantities) {
      const order = {
        ...{ member_id: member!.member_id, request_key: `drill-${quantity}`, placed_at: new Date() },
        items: [{ productId: product!.product_id, quantity }],
      };
      const [placed] = await database.execute('storefront', 'place_order', order, actor);
      ids.push(placed!.order_id);
    }
    return ids;
  });

/** What is changed behind the moment, beside the new orders: an order and a product that were there. */
export const changeOrders = (stack: Stack): Promise<void> =>
  withDatabase(stack, async (database) => {
    const pending = [{ column: 'status', operator: '=', value: 'pending' }] as const;
    const [order] = await database.query('logistics', 'orders', { where: pending, limit: 1 });
    await database.execute('logistics', 'complete_order', { order_id: order!.order_id }, actor);
    const last = { limit: 1, orderBy: [['product_id', 'desc']] } as const;
    const [product] = await database.query('sales', 'products', last);
    await database.execute('sales', 'retire_product', { product_id: product!.product_id }, actor);
  });

/** Erases an image and keeps its receipt. */
export async function eraseImage(connection: Connection, id: string, receipts: string): Promise<void> {
  const api = apiOf(connection, 'uploader');
  const { data } = await answerOf(api.DELETE('/images/{id}', { params: { path: { id } } }));
  mkdirSync(receipts, { recursive: true });
  writeFileSync(join(receipts, `${id}.json`), JSON.stringify(data.receipt));
}

/** A member who has orders: how they are told, and their name, which is the key once they are erased. */
export const memberWithOrders = (stack: Stack): Promise<{ id: string; name: string; isErased: boolean }> =>
  connected(stack.databaseOwner(), async (client) => {
    const { rows } = await client.query<{ id: string; name: string; isErased: boolean }>(
      `SELECT membership_id AS id, name, name = member_key::text COLLATE orders.names AS "isErased" FROM orders.members AS m
       WHERE EXISTS (SELECT FROM orders.transactions AS t WHERE t.member_id = m.member_id)
       ORDER BY member_id DESC LIMIT 1`,
    );
    return rows[0]!;
  });

/**
 * Names this moment in the server's log, and answers what every table holds then: nobody writes between the one and the
 * other.
 */
export const nameMoment = (stack: Stack, name: string): Promise<TableState[]> =>
  connected(stack.databaseOwner(), async (client) => {
    await client.query('BEGIN');
    const { rows } = await client.query<{ tables: string }>(
      `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables
       FROM pg_tables WHERE schemaname IN ('imaging', 'orders', 'deployment')`,
    );
    await client.query(`LOCK TABLE ${rows[0]!.tables} IN SHARE MODE`);
    const tables = await connected(stack.databaseOwner(), fingerprint);
    await client.query('SELECT pg_create_restore_point($1)', [name]);
    await client.query('COMMIT');
    return tables;
  });
