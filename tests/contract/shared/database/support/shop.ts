import { randomUUID } from 'node:crypto';
import type { Database } from '../../../../../shared/database/port.ts';

export const as = (actor: string) => ({ actor });

/** A member, products and orders of a test's own, made as their desks make them. */
export const shop = (database: Database) => ({
  member: async (): Promise<number> => {
    const [member] = await database.execute(
      'storefront',
      'register_member',
      {
        name: 'Ada Berg',
        email: `${randomUUID()}@example.com`,
        date_of_birth: '1990-02-28',
        mobile: '+49 151 1234567',
        membership: 'plus',
      },
      as('service:storefront'),
    );
    return member!.member_id;
  },
  product: async (cost = '19.9900', weight = '0.250'): Promise<number> => {
    const [product] = await database.execute(
      'sales',
      'add_product',
      { name: `Lens ${randomUUID()}`, manufacturer: 'Halden', cost, weight },
      as('sam'),
    );
    return product!.product_id;
  },
  order: async (
    member_id: number,
    items: readonly { productId: number; quantity: number }[],
    more: { request_key?: string; placed_at?: Date } = {},
  ) => {
    const [order] = await database.execute(
      'storefront',
      'place_order',
      { member_id, items, request_key: randomUUID(), ...more },
      as('service:storefront'),
    );
    return order!;
  },
});
