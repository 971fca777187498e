import { requireSeenVersion } from '../../shared/orders/row-version.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { findProduct } from './find-product.ts';
import { correctProductRoute } from './routes.ts';
import { productAnswer } from './view.ts';

registerRoute(correctProductRoute, async ({ request, principal, parameters: { id }, body }) => {
  const row_version = requireSeenVersion(request.headers);
  // What is not sent stays: filled in from the version that the procedure then insists on.
  const { name, manufacturer, cost, weight } = await findProduct(id);
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const database = await composition.database();
  const [row] = await database.execute(
    'sales',
    'correct_product',
    { product_id: id, row_version, name, manufacturer, cost, weight, ...given },
    { actor: principal.id },
  );
  return productAnswer(row);
});
