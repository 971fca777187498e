import { etagOf } from '../../shared/orders/row-version.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { reopenOrderRoute } from './routes.ts';
import { orderView } from './view.ts';

registerRoute(reopenOrderRoute, async ({ principal, parameters: { id }, body }) => {
  const database = await composition.database();
  const [order] = await database.execute(
    'logistics_lead',
    'reopen_order',
    { order_id: id, row_version: body.rowVersion, reason: body.reason },
    { actor: principal.id },
  );
  if (order === undefined) throw new DarkroomError('not-found', 'There is no order with this number.');
  return { headers: { etag: etagOf(order.row_version) }, jsonBody: orderView(order) };
});
