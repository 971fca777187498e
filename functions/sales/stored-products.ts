import type { Database } from '../../shared/database/port.ts';
import type { ImportRow } from './product-csv.ts';
import type { ProductRow } from './view.ts';

const idsAtOnce = 1000;

/** Products as they are now, by their ids. */
export async function readStored(
  database: Database,
  ids: readonly number[],
): Promise<ReadonlyMap<number | null, ProductRow>> {
  const found = new Map<number | null, ProductRow>();
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const rows = await database.query('sales', 'products', {
      where: [{ column: 'product_id', operator: 'in', value: ids.slice(at, at + idsAtOnce) }],
    });
    for (const row of rows) found.set(row.product_id, row);
  }
  return found;
}

const isWhole = ({ name, manufacturer, cost, weight }: ImportRow): boolean =>
  [name, manufacturer, cost, weight].every((value) => value !== undefined);

const idOf = ({ productId }: ImportRow): number | undefined =>
  productId !== undefined && /^\d{1,15}$/.test(productId) ? Number(productId) : undefined;

/** What a file without a column leaves as it is, from the product; in its version, so that no other change is lost. */
export async function completeRows(database: Database, rows: readonly ImportRow[]): Promise<ImportRow[]> {
  const ids = rows.flatMap((row) => (isWhole(row) ? [] : (idOf(row) ?? [])));
  const stored = await readStored(database, [...new Set(ids)]);
  return rows.map((row) => {
    const product = isWhole(row) ? undefined : stored.get(idOf(row) ?? null);
    if (product === undefined) return row;
    const { name, manufacturer, cost, weight, row_version: rowVersion } = product;
    return { name, manufacturer, cost, weight, rowVersion, ...row };
  });
}
