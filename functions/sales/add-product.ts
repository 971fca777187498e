import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { addProductRoute } from './routes.ts';
import { productAnswer } from './view.ts';

registerRoute(addProductRoute, async ({ principal, body }) => {
  const database = await composition.database();
  const [row] = await database.execute('sales', 'add_product', body, { actor: principal.id });
  const answer = productAnswer(row, 201);
  return {
    ...answer,
    headers: { ...answer.headers, location: `/api/sales/products/${answer.jsonBody.productId}` },
  };
});
