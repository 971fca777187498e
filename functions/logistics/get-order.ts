import { etagOf } from '../../shared/orders/row-version.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { getOrderRoute } from './routes.ts';
import { orderView } from './view.ts';

registerRoute(getOrderRoute, async ({ parameters: { id } }) => {
  const database = await composition.database();
  const where = [{ column: 'order_id', operator: '=', value: id }] as const;
  const [[order], lines] = await Promise.all([
    database.query('logistics', 'orders', { where }),
    database.query('logistics', 'order_items', { where, orderBy: [['line', 'asc']] }),
  ]);
  if (order === undefined) throw new DarkroomError('not-found', 'There is no order with this number.');
  const orderLines = lines.map((line) => ({
    line: line.line,
    productId: line.product_id,
    name: line.product_name,
    manufacturer: line.manufacturer,
    quantity: line.quantity,
    unitWeight: line.unit_weight,
    weight: line.weight,
    unitPrice: line.unit_price,
    price: line.price,
  }));
  return { headers: { etag: etagOf(order.row_version) }, jsonBody: { ...orderView(order), orderLines } };
});
