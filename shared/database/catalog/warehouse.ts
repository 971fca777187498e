import type { Schema } from './types.ts';

/**
 * The watermark of a row: it rises with each change, and a view shows a row only when every change with a lower
 * watermark has ended. So "everything above the highest `changed` that I have" misses nothing, however late a
 * transaction commits. A row that is changing at the moment appears with its next value, a little later.
 */
const changed = { changed: 'bigint' } as const;

/** What `lake verify` compares, over the rows that the export may see. Cancelled orders are in, under their status. */
const totals = {
  orders: 'bigint',
  lines: 'bigint',
  quantity: 'bigint',
  price: 'decimal',
  weight: 'decimal',
} as const;

export const warehouseCatalog = {
  warehouse: {
    views: {
      /** One row an item of an order. */
      fact_sales: {
        key: ['order_id', 'line'],
        columns: {
          order_id: 'bigint',
          line: 'int',
          day: 'date',
          placed_at: 'instant',
          status: 'text',
          product_id: 'bigint',
          /** The version of the product that was sold: joins dim_product. */
          product_key: 'text',
          member_key: 'uuid',
          membership: 'text',
          quantity: 'int',
          unit_price: 'decimal',
          unit_weight: 'decimal',
          price: 'decimal',
          weight: 'decimal',
          ...changed,
        },
      },
      /** One row an order. */
      fact_transactions: {
        key: ['order_id'],
        columns: {
          order_id: 'bigint',
          day: 'date',
          placed_at: 'instant',
          completed_at: 'instant?',
          cancelled_at: 'instant?',
          status: 'text',
          member_key: 'uuid',
          membership: 'text',
          lines: 'int',
          quantity: 'int',
          total_price: 'decimal',
          total_weight: 'decimal',
          ...changed,
        },
      },
      /** One row a version of a product. */
      dim_product: {
        key: ['product_key'],
        columns: {
          product_key: 'text',
          product_id: 'bigint',
          version: 'int',
          name: 'text',
          manufacturer: 'text',
          cost: 'decimal',
          weight: 'decimal',
          is_active: 'boolean',
          valid_from: 'instant',
          valid_to: 'instant?',
          is_current: 'boolean',
          ...changed,
        },
      },
      /** One row a status of a member, under a random key; nothing personal. */
      dim_member: {
        key: ['member_key', 'version'],
        columns: {
          member_key: 'uuid',
          version: 'int',
          membership: 'text',
          status: 'text',
          joined_on: 'date',
          valid_from: 'instant',
          valid_to: 'instant?',
          is_current: 'boolean',
          ...changed,
        },
      },
      /** 2015 to 2049. Weeks and weekdays (Monday is 1) as ISO 8601 has them. */
      dim_date: {
        key: ['day'],
        columns: {
          day: 'date',
          year: 'int',
          quarter: 'int',
          month: 'int',
          day_of_month: 'int',
          iso_year: 'int',
          iso_week: 'int',
          weekday: 'int',
          is_weekend: 'boolean',
          ...changed,
        },
      },
      /** One row an image while it lives. */
      fact_images: {
        key: ['image_id'],
        columns: {
          image_id: 'uuid',
          day: 'date',
          uploaded_at: 'instant',
          delete_at: 'instant',
          source: 'text',
          status: 'text',
          content_type: 'text?',
          bytes: 'bigint?',
          width: 'int?',
          height: 'int?',
          variants: 'int',
          variant_bytes: 'bigint',
          failure_code: 'text?',
          ...changed,
        },
      },
      /** Stays when the images are gone. */
      agg_images_daily: {
        key: ['day', 'source'],
        columns: {
          day: 'date',
          source: 'text',
          images: 'bigint',
          processed: 'bigint',
          rejected: 'bigint',
          failed: 'bigint',
          bytes: 'bigint',
          ...changed,
        },
      },
      totals_by_day: { key: ['day', 'status'], columns: { day: 'date', status: 'text', ...totals } },
      totals_by_product: { key: ['product_id'], columns: { product_id: 'bigint', ...totals } },
      totals_by_membership: { key: ['membership'], columns: { membership: 'text', ...totals } },
      /** What the views show is below it; the next export begins there or later. */
      horizon: { key: ['changed'], columns: { ...changed } },
      /** How far each table has come. */
      exports: {
        key: ['table_name'],
        columns: {
          table_name: 'text',
          watermark: 'bigint',
          rows: 'bigint',
          files: 'int',
          bytes: 'bigint',
          exported_at: 'instant',
          /** The number of that export; null until the first that left one. */
          run: 'uuid?',
        },
      },
      /** The latest holds; none before the first restore. */
      epochs: { key: ['sequence'], columns: { sequence: 'bigint', epoch: 'uuid', at: 'instant' } },
    },
    procedures: {
      /** How far a finished export of a table came, and what the table has in the lake. The watermark never goes back. */
      record_export: {
        idempotent: true,
        parameters: {
          table_name: 'text',
          watermark: 'bigint',
          rows: 'bigint',
          files: 'int',
          bytes: 'bigint',
          at: 'instant',
          run: 'uuid?',
        },
        returns: {},
      },
    },
  },
} as const satisfies Record<string, Schema>;
