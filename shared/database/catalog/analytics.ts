import type { Schema } from './types.ts';

/** Cancelled orders count in `cancelled` only. */
const sums = {
  orders: 'bigint',
  quantity: 'bigint',
  total_price: 'decimal',
  total_weight: 'decimal',
} as const;

const ofProduct = { product_id: 'bigint', product_name: 'text', manufacturer: 'text' } as const;

export const analyticsCatalog = {
  analytics: {
    views: {
      sales_by_day: {
        key: ['day'],
        columns: { day: 'date', ...sums, completed: 'bigint', cancelled: 'bigint' },
      },
      sales_by_product: { key: ['day', 'product_id'], columns: { day: 'date', ...ofProduct, ...sums } },
      /** By the membership that the buyer had at the time. */
      sales_by_membership: {
        key: ['day', 'membership'],
        columns: { day: 'date', membership: 'text', ...sums },
      },
      /** How many members there were at the end of each day (so far, for today), and the day's change. */
      membership: {
        key: ['day', 'membership', 'status'],
        columns: { day: 'date', membership: 'text', status: 'text', members: 'bigint', change: 'bigint' },
      },
      images: {
        key: ['day', 'source'],
        columns: {
          day: 'date',
          source: 'text',
          images: 'bigint',
          processed: 'bigint',
          rejected: 'bigint',
          failed: 'bigint',
          bytes: 'bigint',
        },
      },
    },
    procedures: {
      /** Sums over a range of days, both included; they only read. */
      product_totals: {
        idempotent: true,
        parameters: { from_day: 'date', to_day: 'date' },
        returns: { ...ofProduct, ...sums },
      },
      membership_totals: {
        idempotent: true,
        parameters: { from_day: 'date', to_day: 'date' },
        returns: { membership: 'text', ...sums },
      },
    },
  },
} as const satisfies Record<string, Schema>;
