import type { ViewRow } from '../../shared/database/catalog/index.ts';
import { etagOf } from '../../shared/orders/row-version.ts';
import { DarkroomError } from '../../shared/platform/errors.ts';
import type { ProductView } from './schemas.ts';

export type ProductRow = ViewRow<'sales', 'products'>;

export const productView = (row: ProductRow): ProductView => ({
  productId: row.product_id,
  name: row.name,
  manufacturer: row.manufacturer,
  cost: row.cost,
  weight: row.weight,
  isActive: row.is_active,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  changedAt: row.changed_at.toISOString(),
  changedBy: row.changed_by,
  retiredAt: row.retired_at?.toISOString() ?? null,
  retiredBy: row.retired_by,
  etag: etagOf(row.row_version),
});

export const noSuchProduct = (): DarkroomError =>
  new DarkroomError('not-found', 'There is no product with this id.');

/** One product as an answer with its etag. */
export function productAnswer(row: ProductRow | undefined, status = 200) {
  if (row === undefined) throw noSuchProduct();
  return { status, headers: { etag: etagOf(row.row_version) }, jsonBody: productView(row) };
}
