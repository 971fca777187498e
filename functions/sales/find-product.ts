import { composition } from '../composition.ts';
import { noSuchProduct } from './view.ts';

/** The product, or `not-found`. */
export async function findProduct(id: number) {
  const database = await composition.database();
  const [row] = await database.query('sales', 'products', {
    where: [{ column: 'product_id', operator: '=', value: id }],
  });
  if (row === undefined) throw noSuchProduct();
  return row;
}
