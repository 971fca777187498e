import type { Database } from '../../../shared/database/port.ts';
import { tableOf } from '../../../shared/lake/schema.ts';
import { exact, lakeFigures, type Figures } from './figures.ts';
import type { LocalLake } from './open.ts';

type Dimension = 'dim_product' | 'dim_member';

/** What a version of a dimension says, beside when it holds. */
const says = {
  dim_product: ['name', 'manufacturer', 'cost', 'weight', 'is_active', 'is_current', 'changed'],
  dim_member: ['membership', 'status', 'joined_on', 'is_current', 'changed'],
} as const satisfies Record<Dimension, readonly string[]>;

const millisecondsOf = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

export async function databaseDimension(database: Database, table: Dimension): Promise<Figures> {
  const found: Figures = new Map();
  const { key } = tableOf(table);
  for await (const batch of database.stream('warehouse', table)) {
    for (const row of batch as unknown as Record<string, unknown>[]) {
      const told = [...says[table], 'valid_from', 'valid_to'].map((name) => millisecondsOf(row[name]));
      found.set(key.map((name) => String(row[name])).join(' '), told.map(exact).join(' | '));
    }
  }
  return found;
}

export const lakeDimension = (lake: LocalLake, table: Dimension): Promise<Figures> => {
  const { key } = tableOf(table);
  const columns = [...key, ...says[table], 'epoch_ms(valid_from)', 'epoch_ms(valid_to)'];
  return lakeFigures(lake, `SELECT ${columns.join(', ')} FROM ${table}`, key.length);
};
