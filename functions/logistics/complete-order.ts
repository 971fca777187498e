import { etagOf, seenVersion } from '../../shared/orders/row-version.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { completeOrderRoute } from './routes.ts';
import { orderView } from './view.ts';

registerRoute(completeOrderRoute, async ({ request, principal, parameters: { id } }) => {
  const database = await composition.database();
  const version = seenVersion(request.headers);
  const [order] = await database.execute(
    'logistics',
    'complete_order',
    { order_id: id, ...(version === undefined ? {} : { row_version: version }) },
    { actor: principal.id },
  );
  if (order === undefined) throw new DarkroomError('not-found', 'There is no order with this number.');
  return { headers: { etag: etagOf(order.row_version) }, jsonBody: orderView(order) };
});
