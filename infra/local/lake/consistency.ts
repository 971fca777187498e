import { lakeTables, tableOf } from '../../../shared/lake/schema.ts';
import { exact, figures, type Figures } from './figures.ts';
import type { LocalLake } from './open.ts';

/** Nothing of these must there be, whatever the database holds. */
export const noDuplicates: Figures = new Map(lakeTables.map((table) => [table, '0']));

const sales = 'sales without their product version';
const buyers = 'orders without their member';

export const noOrphans: Figures = new Map([
  [sales, '0'],
  [buyers, '0'],
]);

/** Facts whose dimension lacks what they refer to: a report would lose them. */
export async function orphans(lake: LocalLake): Promise<Figures> {
  const { rows } = await lake.ask(`
    SELECT '${sales}', count(*) FROM fact_sales ANTI JOIN dim_product USING (product_key) UNION ALL
    SELECT '${buyers}', count(*) FROM fact_transactions ANTI JOIN dim_member USING (member_key)`);
  return figures(rows, 1);
}

/** Rows that are there twice. */
export async function duplicates(lake: LocalLake): Promise<Figures> {
  const found: Figures = new Map();
  for (const table of lakeTables) {
    const key = tableOf(table).key.join(', ');
    const { rows } = await lake.ask(
      `SELECT count(*) FROM (SELECT ${key} FROM ${table} GROUP BY ALL HAVING count(*) > 1)`,
    );
    found.set(table, exact(rows[0]?.[0] ?? 0));
  }
  return found;
}
