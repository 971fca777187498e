import { seenVersion } from '../../shared/orders/row-version.ts';
import { registerRoute } from '../register-route.ts';
import { composition } from '../composition.ts';
import { restoreProductRoute, retireProductRoute } from './routes.ts';
import { productAnswer } from './view.ts';

async function change(
  procedure: 'retire_product' | 'restore_product',
  call: { request: { headers: Headers }; principal: { id: string }; parameters: { id: number } },
) {
  const version = seenVersion(call.request.headers);
  const database = await composition.database();
  const [row] = await database.execute(
    'sales',
    procedure,
    { product_id: call.parameters.id, ...(version === undefined ? {} : { row_version: version }) },
    { actor: call.principal.id },
  );
  return productAnswer(row);
}

registerRoute(retireProductRoute, (call) => change('retire_product', call));
registerRoute(restoreProductRoute, (call) => change('restore_product', call));
