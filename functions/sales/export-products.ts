import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { dayOf } from '../../shared/orders/day-range.ts';
import { writeProductCsv } from './product-csv.ts';
import { exportProductsRoute } from './routes.ts';

registerRoute(exportProductsRoute, async () => {
  const database = await composition.database();
  const now = composition.clock().now();
  const rows = await database.query('sales', 'products', { orderBy: [['product_id', 'asc']] });
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="products-${dayOf(now)}.csv"`,
    },
    body: writeProductCsv(rows, now),
  };
});
