import { etagOf, seenVersion } from '../../shared/desks/row-version.ts';
import { DarkroomError } from '../../shared/errors.ts';
import { registerRoute } from '../../shared/http/register.ts';
import { parts } from '../../shared/parts.ts';
import { completeOrderRoute } from './routes.ts';
import { orderView } from './view.ts';

export const completeOrder = registerRoute(
  completeOrderRoute,
  async ({ request, principal, parameters: { id } }) => {
    const database = await parts.database();
    const version = seenVersion(request.headers);
    const [order] = await database.execute(
      'logistics',
      'complete_order',
      { order_id: id, ...(version === undefined ? {} : { row_version: version }) },
      { actor: principal.id },
    );
    if (order === undefined) throw new DarkroomError('not-found', 'There is no order with this number.');
    return { headers: { etag: etagOf(order.row_version) }, jsonBody: orderView(order) };
  },
);
