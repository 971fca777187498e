import { dayOf } from '../../shared/orders/day-range.ts';
import { pageOf } from '../../shared/platform/paging/page.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { listOrdersRoute } from './routes.ts';
import { dailyView, orderView, type OrderRow } from './view.ts';

const orders = {
  placed: [
    ['placed_at', 'asc'],
    ['order_id', 'asc'],
  ],
  weight: [
    ['total_weight', 'desc'],
    ['order_id', 'desc'],
  ],
} as const;

registerRoute(listOrdersRoute, async ({ query }) => {
  const database = await composition.database();
  const now = composition.clock().now();
  const day = query.day ?? dayOf(now);
  const where = [
    ...(day === 'all' ? [] : [{ column: 'placed_day', operator: '=', value: day } as const]),
    ...(query.status === 'all' ? [] : [{ column: 'status', operator: '=', value: query.status } as const]),
  ];
  const { rows, next } = await pageOf<OrderRow>({
    scope: `orders ${day} ${query.status} ${query.sort}`,
    limit: query.limit,
    cursor: query.cursor,
    orderBy: orders[query.sort],
    fetch: (page) => database.query('logistics', 'orders', { where, ...page }),
  });
  const [total] =
    day === 'all'
      ? []
      : await database.query('logistics', 'daily', { where: [{ column: 'day', operator: '=', value: day }] });
  return {
    jsonBody: {
      orders: rows.map(orderView),
      next,
      totals: total === undefined ? null : dailyView(total),
      asOf: now.toISOString(),
    },
  };
});
