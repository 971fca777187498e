import { openDatabase } from '../../../shared/database/open.ts';
import type { TestStack } from '../../pipeline/support/stack.ts';

/** What happens in the shop while somebody looks at a page: the storefront's own role, as it would connect. */
export function openDesk(stack: TestStack) {
  const database = openDatabase({ DARKROOM_DATABASE: stack.endpoints.database });
  const actor = 'service:storefront';
  return {
    /** Of any product unless told which, now unless told when. */
    async placeOrder(key: string, productId?: number, placedAt?: Date): Promise<number> {
      const [member] = await database.query('storefront', 'members', {
        where: [{ column: 'status', operator: '=', value: 'active' }],
        limit: 1,
      });
      const [product] = await database.query('storefront', 'products', { limit: 1 });
      const [order] = await database.execute(
        'storefront',
        'place_order',
        {
          member_id: member!.member_id,
          request_key: key,
          ...(placedAt && { placed_at: placedAt }),
          items: [{ productId: productId ?? product!.product_id, quantity: 1 }],
        },
        { actor },
      );
      return order!.order_id;
    },
    cancelOrder: (orderId: number) =>
      database.execute('storefront', 'cancel_order', { order_id: orderId }, { actor }),
    close: () => database.close(),
  };
}

export type Desk = ReturnType<typeof openDesk>;
