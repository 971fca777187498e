import { etagOf } from '../../shared/orders/row-version.ts';
import { composition } from '../composition.ts';
import { registerRoute } from '../register-route.ts';
import { productHistoryRoute } from './routes.ts';
import { noSuchProduct } from './view.ts';

const maxVersions = 200;

registerRoute(productHistoryRoute, async ({ parameters: { id } }) => {
  const database = await composition.database();
  const rows = await database.query('sales', 'product_history', {
    where: [{ column: 'product_id', operator: '=', value: id }],
    orderBy: [['version', 'desc']],
    limit: maxVersions,
  });
  if (rows.length === 0) throw noSuchProduct();
  return {
    jsonBody: {
      versions: rows.map((row) => ({
        ...{ name: row.name, manufacturer: row.manufacturer, cost: row.cost, weight: row.weight },
        ...{ isActive: row.is_active, changedBy: row.changed_by, changedAt: row.changed_at.toISOString() },
        etag: etagOf(row.version),
      })),
      asOf: composition.clock().now().toISOString(),
    },
  };
});
