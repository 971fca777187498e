import type { Catalog } from '../database/catalog/index.ts';
import type { LakeColumn, LakeTable, LakeTableName } from './schema-types.ts';

/** Rises with each column that is added. Files say which one they were written with; older ones read as null there. */
export const schemaVersion = 1;

const money = 'decimal(19,4)';
const kilograms = 'decimal(12,3)';
const uuid = 'text_ascii(36)';

const changed = {
  changed: {
    type: 'bigint',
    is: 'technical',
    about: 'Rises with each change of the row; of two versions of a row the higher is the later one.',
  },
} as const satisfies Record<string, LakeColumn>;

const orderColumns = {
  order_id: { type: 'bigint', is: 'business', about: 'The order.' },
  day: { type: 'date', is: 'business', about: 'Day of the order, UTC.' },
  placed_at: { type: 'instant', is: 'business', about: 'When the order was placed.' },
  status: { type: 'text_ascii(20)', is: 'business', about: 'pending, completed or cancelled.' },
  member_key: { type: uuid, is: 'pseudonym', about: 'The buyer, by a random key.' },
  membership: {
    type: 'text_ascii(20)',
    is: 'business',
    about: 'Membership of the buyer when the order was placed.',
  },
} as const satisfies Record<string, LakeColumn>;

const { order_id, day, placed_at, status, member_key, membership } = orderColumns;

/**
 * The star schema: what leaves for the lake. From it come the Parquet schema and the Synapse and DuckDB views; tests
 * compare each of them, the Power BI model and the catalogue of the database with it.
 */
export const lakeSchema = {
  fact_sales: {
    grain: 'One row for each item (line) of an order.',
    partitionedBy: 'day',
    key: ['order_id', 'line'],
    columns: {
      order_id,
      line: { type: 'int', is: 'business', about: 'Position in the order, from 1.' },
      day,
      placed_at,
      status,
      product_id: { type: 'bigint', is: 'business', about: 'The product, whatever its version.' },
      product_key: {
        type: 'text_ascii(40)',
        is: 'business',
        about: 'The version of the product that was sold; joins dim_product.',
      },
      member_key,
      membership,
      quantity: { type: 'int', is: 'business', about: 'Pieces.' },
      unit_price: { type: money, is: 'business', about: 'Price of a piece at the time of sale.' },
      unit_weight: { type: kilograms, is: 'business', about: 'Weight of a piece at the time of sale, kg.' },
      price: { type: money, is: 'business', about: 'quantity × unit_price.' },
      weight: { type: kilograms, is: 'business', about: 'quantity × unit_weight, kg.' },
      ...changed,
    },
  },
  fact_transactions: {
    grain: 'One row for each order.',
    partitionedBy: 'day',
    key: ['order_id'],
    columns: {
      order_id,
      day,
      placed_at,
      completed_at: {
        type: 'instant',
        nullable: true,
        is: 'business',
        about: 'When logistics completed it.',
      },
      cancelled_at: { type: 'instant', nullable: true, is: 'business', about: 'When it was cancelled.' },
      status,
      member_key,
      membership,
      lines: { type: 'int', is: 'business', about: 'Items of the order.' },
      quantity: { type: 'int', is: 'business', about: 'Pieces of the order.' },
      total_price: { type: money, is: 'business', about: 'Price of the order.' },
      total_weight: { type: kilograms, is: 'business', about: 'Weight of the order, kg.' },
      ...changed,
    },
  },
  dim_product: {
    grain: 'One row for each version of a product; history is kept.',
    key: ['product_key'],
    columns: {
      product_key: { type: 'text_ascii(40)', is: 'business', about: 'The version: product_id-version.' },
      product_id: { type: 'bigint', is: 'business', about: 'The product, whatever its version.' },
      version: { type: 'int', is: 'business', about: 'From 1.' },
      name: { type: 'text(200)', is: 'business', about: 'Name of the product.' },
      manufacturer: { type: 'text(200)', is: 'business', about: 'Its manufacturer.' },
      cost: { type: money, is: 'business', about: 'Price of a piece in this version.' },
      weight: { type: kilograms, is: 'business', about: 'Weight of a piece in this version, kg.' },
      is_active: { type: 'boolean', is: 'business', about: 'False once it is retired.' },
      valid_from: { type: 'instant', is: 'business', about: 'From when this version holds.' },
      valid_to: {
        type: 'instant',
        nullable: true,
        is: 'business',
        about: 'Until when it held; null for the current one.',
      },
      is_current: { type: 'boolean', is: 'business', about: 'The version that holds now.' },
      ...changed,
    },
  },
  dim_member: {
    grain: 'One row for each membership and status that a member had; nothing personal.',
    key: ['member_key', 'version'],
    columns: {
      member_key: { type: uuid, is: 'pseudonym', about: 'The member, by a random key.' },
      version: { type: 'int', is: 'business', about: 'From 1.' },
      membership: { type: 'text_ascii(20)', is: 'business', about: 'standard, plus or professional.' },
      status: { type: 'text_ascii(20)', is: 'business', about: 'active, suspended or ended.' },
      joined_on: { type: 'date', is: 'business', about: 'Day the membership began, UTC.' },
      valid_from: { type: 'instant', is: 'business', about: 'From when this holds.' },
      valid_to: {
        type: 'instant',
        nullable: true,
        is: 'business',
        about: 'Until when it held; null for the current one.',
      },
      is_current: { type: 'boolean', is: 'business', about: 'What holds now.' },
      ...changed,
    },
  },
  dim_date: {
    grain: 'One row for each day from 2015 to 2049; weeks and weekdays as ISO 8601 has them.',
    key: ['day'],
    columns: {
      day: { type: 'date', is: 'business', about: 'The day.' },
      year: { type: 'int', is: 'business', about: 'Calendar year.' },
      quarter: { type: 'int', is: 'business', about: '1 to 4.' },
      month: { type: 'int', is: 'business', about: '1 to 12.' },
      day_of_month: { type: 'int', is: 'business', about: '1 to 31.' },
      iso_year: { type: 'int', is: 'business', about: 'Year of the ISO week.' },
      iso_week: { type: 'int', is: 'business', about: '1 to 53.' },
      weekday: { type: 'int', is: 'business', about: 'Monday is 1.' },
      is_weekend: { type: 'boolean', is: 'business', about: 'Saturday or Sunday.' },
      ...changed,
    },
  },
  fact_images: {
    grain: 'One row for each image while it lives; it leaves with the image.',
    partitionedBy: 'day',
    key: ['image_id'],
    columns: {
      image_id: { type: uuid, is: 'image', about: 'The image.' },
      day: { type: 'date', is: 'image', about: 'Day of the upload, UTC.' },
      uploaded_at: { type: 'instant', is: 'image', about: 'When it came in.' },
      delete_at: { type: 'instant', is: 'image', about: 'When it is erased.' },
      source: { type: 'text_ascii(10)', is: 'image', about: 'http, kafka or tus.' },
      status: { type: 'text_ascii(10)', is: 'image', about: 'stored, processed, rejected or failed.' },
      content_type: {
        type: 'text_ascii(100)',
        nullable: true,
        is: 'image',
        about: 'Media type of the original.',
      },
      bytes: { type: 'bigint', nullable: true, is: 'image', about: 'Size of the original.' },
      width: { type: 'int', nullable: true, is: 'image', about: 'Pixels.' },
      height: { type: 'int', nullable: true, is: 'image', about: 'Pixels.' },
      variants: { type: 'int', is: 'image', about: 'How many derivatives there are.' },
      variant_bytes: { type: 'bigint', is: 'image', about: 'Size of the derivatives together.' },
      failure_code: {
        type: 'text_ascii(50)',
        nullable: true,
        is: 'image',
        about: 'Why it was rejected or failed.',
      },
      ...changed,
    },
  },
  agg_images_daily: {
    grain: 'One row for each day and source; it stays when the images are gone.',
    key: ['day', 'source'],
    columns: {
      day: { type: 'date', is: 'business', about: 'Day of the upload, UTC.' },
      source: { type: 'text_ascii(10)', is: 'business', about: 'http, kafka or tus.' },
      images: { type: 'bigint', is: 'business', about: 'Images that came in.' },
      processed: { type: 'bigint', is: 'business', about: 'Of these, processed.' },
      rejected: { type: 'bigint', is: 'business', about: 'Of these, rejected.' },
      failed: { type: 'bigint', is: 'business', about: 'Of these, failed.' },
      bytes: { type: 'bigint', is: 'business', about: 'Size of the originals together.' },
      ...changed,
    },
  },
} as const satisfies {
  readonly [T in LakeTableName]: LakeTable & {
    readonly columns: { readonly [C in keyof Catalog['warehouse']['views'][T]['columns']]: LakeColumn };
  };
};

/** In the order in which they are exported: dimensions before the facts that refer to them. */
export const lakeTables: readonly LakeTableName[] = [
  'dim_date',
  'dim_product',
  'dim_member',
  'fact_sales',
  'fact_transactions',
  'agg_images_daily',
  'fact_images',
];

export const tableOf = (name: LakeTableName): LakeTable => lakeSchema[name];
