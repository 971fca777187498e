import type { Database } from '../../../shared/database/port.ts';

/** As many rows of fact_sales, spread over the days, as somebody asks for; the same number gives the same rows. */
const days = 100;
const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const memberships = ['standard', 'plus', 'professional'];
const batchRows = 5_000;

function saleOf(index: number, day: string, dayStart: number): Record<string, unknown> {
  const product = (index * 7919) % 400;
  const quantity = 1 + (index % 3);
  const cents = 199 + ((product * 1237) % 90_000);
  const grams = 20 + ((product * 331) % 4_000);
  const money = (value: number) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}00`;
  const weight = (value: number) => `${Math.floor(value / 1000)}.${String(value % 1000).padStart(3, '0')}`;
  return {
    order_id: 1 + Math.floor(index / 2),
    line: 1 + (index % 2),
    day,
    placed_at: new Date(dayStart + ((index * 104_729) % dayMs)),
    status: index % 29 === 0 ? 'cancelled' : 'completed',
    product_id: product,
    product_key: `${product}-1`,
    member_key: `00000000-0000-4000-8000-${String((index * 31) % 50_000).padStart(12, '0')}`,
    membership: memberships[index % 3],
    quantity,
    unit_price: money(cents),
    unit_weight: weight(grams),
    price: money(cents * quantity),
    weight: weight(grams * quantity),
    changed: 1 + index,
  };
}

/** A database that has these rows and has exported none; it makes them as they are read. */
export function madeUpSales(rows: number): Database {
  const perDay = Math.ceil(rows / days);
  return {
    query: () => Promise.resolve([]),
    execute: () => Promise.resolve([]),
    close: () => Promise.resolve(),
    async *stream() {
      let batch: Record<string, unknown>[] = [];
      for (let index = 0; index < rows; index++) {
        const dayStart = start + Math.floor(index / perDay) * dayMs;
        batch.push(saleOf(index, new Date(dayStart).toISOString().slice(0, 10), dayStart));
        if (batch.length < batchRows) continue;
        yield await Promise.resolve(batch);
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  } as unknown as Database;
}
