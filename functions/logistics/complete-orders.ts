import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { completeOrdersRoute } from './routes.ts';

registerRoute(completeOrdersRoute, async ({ principal, body }) => {
  const database = await composition.database();
  const rows = await database.execute(
    'logistics',
    'complete_orders',
    { orders: body.orders },
    { actor: principal.id },
  );
  const results = rows.map((row) => ({
    orderId: row.order_id,
    outcome: row.outcome,
    reason: row.reason,
    completedAt: row.completed_at?.toISOString() ?? null,
    completedBy: row.completed_by,
    rowVersion: row.row_version,
  }));
  return { jsonBody: { results, asOf: composition.clock().now().toISOString() } };
});
