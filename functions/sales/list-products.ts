import { pageOf } from '../../shared/platform/paging/page.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { listProductsRoute } from './routes.ts';
import { productView, type ProductRow } from './view.ts';

const orders = {
  name: [
    ['name', 'asc'],
    ['product_id', 'asc'],
  ],
  newest: [['product_id', 'desc']],
  cost: [
    ['cost', 'desc'],
    ['product_id', 'desc'],
  ],
  weight: [
    ['weight', 'desc'],
    ['product_id', 'desc'],
  ],
} as const;

registerRoute(listProductsRoute, async ({ query }) => {
  const database = await composition.database();
  const { active, sort } = query;
  const search = query.search === '' ? undefined : query.search;
  const where = [
    ...(active === 'all' ? [] : [{ column: 'is_active', operator: '=', value: active === 'true' } as const]),
    ...(search === undefined
      ? []
      : [
          {
            any: [
              { column: 'name', operator: 'contains', value: search },
              { column: 'manufacturer', operator: 'contains', value: search },
            ],
          } as const,
        ]),
  ];
  const { rows, next } = await pageOf<ProductRow>({
    scope: `products ${active} ${sort} ${search ?? ''}`,
    limit: query.limit,
    cursor: query.cursor,
    orderBy: orders[sort],
    fetch: (page) => database.query('sales', 'products', { where, ...page }),
  });
  return {
    jsonBody: { products: rows.map(productView), next, asOf: composition.clock().now().toISOString() },
  };
});
