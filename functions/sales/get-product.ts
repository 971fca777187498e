import { registerRoute } from '../register-route.ts';
import { findProduct } from './find-product.ts';
import { getProductRoute } from './routes.ts';
import { productAnswer } from './view.ts';

registerRoute(getProductRoute, async ({ parameters: { id } }) => productAnswer(await findProduct(id)));
