import { beforeAll, expect } from '@jest/globals';
import type { Filter } from '../../../../shared/database/port.ts';
import { describeEngines } from './support/describe-engines.ts';

type AnyFilter = Filter<Record<string, unknown>>;
const today = '2026-03-10';
const id = '00000000-0000-4000-8000-000000000000';
const at = new Date('2026-03-01T05:00:00.000Z');

/** Which index each query of a desk, service or page must use; none of them may read a whole table. */
const queries: readonly (readonly [
  title: string,
  schema: string,
  view: string,
  filter: AnyFilter,
  index: RegExp,
])[] = [
  [
    'an order by its number',
    'logistics',
    'orders',
    { where: [{ column: 'order_id', operator: '=', value: 7 }] },
    /pk_transactions/,
  ],
  [
    'an image and one of its variants',
    'storage_reader',
    'servable_variants',
    {
      where: [
        { column: 'image_id', operator: '=', value: id },
        { column: 'name', operator: '=', value: 'web' },
      ],
    },
    /pk_image_variants|image_variants_pkey/i,
  ],
  [
    'unfulfilled orders of a day',
    'logistics',
    'orders',
    {
      where: [
        { column: 'placed_day', operator: '=', value: today },
        { column: 'status', operator: '=', value: 'pending' },
      ],
      orderBy: [['order_id', 'asc']],
      limit: 50,
    },
    /ix_transactions_(pending|day)/,
  ],
  [
    'every order, the first placed first',
    'logistics',
    'orders',
    {
      orderBy: [
        ['placed_at', 'asc'],
        ['order_id', 'asc'],
      ],
      limit: 50,
    },
    /ix_transactions_placed/,
  ],
  [
    'completed orders of all days, a later page',
    'logistics',
    'orders',
    {
      where: [{ column: 'status', operator: '=', value: 'completed' }],
      orderBy: [
        ['placed_at', 'asc'],
        ['order_id', 'asc'],
      ],
      after: [at, 7],
      limit: 50,
    },
    /ix_transactions_(status_)?placed/,
  ],
  [
    'unfulfilled orders of all days, the first placed first',
    'logistics',
    'orders',
    {
      where: [{ column: 'status', operator: '=', value: 'pending' }],
      orderBy: [
        ['placed_at', 'asc'],
        ['order_id', 'asc'],
      ],
      limit: 50,
    },
    /ix_transactions_status_placed/,
  ],
  [
    'unfulfilled orders of all days, the heaviest first',
    'logistics',
    'orders',
    {
      where: [{ column: 'status', operator: '=', value: 'pending' }],
      orderBy: [
        ['total_weight', 'desc'],
        ['order_id', 'desc'],
      ],
      limit: 50,
    },
    /ix_transactions_status_weight/,
  ],
  [
    'every order, the heaviest first',
    'logistics',
    'orders',
    {
      orderBy: [
        ['total_weight', 'desc'],
        ['order_id', 'desc'],
      ],
      limit: 50,
    },
    /ix_transactions_weight/,
  ],
  [
    'the items of an order',
    'logistics',
    'order_items',
    { where: [{ column: 'order_id', operator: '=', value: 7 }] },
    /(pk_transaction_items|uq_transaction_items_product)/,
  ],
  [
    'daily sums of a month',
    'logistics',
    'daily',
    {
      where: [
        { column: 'day', operator: '>=', value: '2026-03-01' },
        { column: 'day', operator: '<=', value: today },
      ],
      orderBy: [['day', 'asc']],
    },
    /ix_transactions_day/,
  ],
  [
    'sales by membership of a month',
    'analytics',
    'sales_by_membership',
    {
      where: [
        { column: 'day', operator: '>=', value: '2026-03-01' },
        { column: 'day', operator: '<=', value: today },
      ],
    },
    /ix_transactions_day/,
  ],
  [
    'what the export has not seen',
    'warehouse',
    'fact_transactions',
    {
      where: [{ column: 'changed', operator: '>', value: 2 ** 40 }],
      orderBy: [
        ['changed', 'asc'],
        ['order_id', 'asc'],
      ],
    },
    /ix_transactions_changed/,
  ],
  [
    'the history of an order',
    'operations',
    'history',
    {
      where: [
        { column: 'entity', operator: '=', value: 'order' },
        { column: 'entity_id', operator: '=', value: 7 },
      ],
    },
    /ix_history_entity/,
  ],
  [
    'an image by id',
    'storage_reader',
    'images',
    { where: [{ column: 'image_id', operator: '=', value: id }] },
    /pk_images/,
  ],
  [
    "a page of somebody's images",
    'storage_reader',
    'images',
    {
      where: [{ column: 'owner', operator: '=', value: 'user-3' }],
      orderBy: [
        ['uploaded_at', 'desc'],
        ['image_id', 'desc'],
      ],
      after: [at, id],
      limit: 50,
    },
    /ix_images_owner/,
  ],
  [
    'a page of all images',
    'storage_reader',
    'images',
    {
      orderBy: [
        ['uploaded_at', 'desc'],
        ['image_id', 'desc'],
      ],
      after: [at, id],
      limit: 50,
    },
    /ix_images_uploaded/,
  ],
  [
    'images that are due',
    'storage_writer',
    'images',
    {
      where: [{ column: 'delete_at', operator: '<=', value: at }],
      orderBy: [
        ['delete_at', 'asc'],
        ['image_id', 'asc'],
      ],
      limit: 100,
    },
    /ix_images_due/,
  ],
];

describeEngines('plans', (engine, testIf) => {
  beforeAll(async () => {
    await engine().fill?.();
  }, 120_000);

  for (const [title, schema, view, filter, index] of queries) {
    testIf('plans', `${title}: by an index, without reading the whole table`, async () => {
      const plan = await engine().explain!(schema, view, filter);
      expect(plan).toMatch(index);
      expect(plan).not.toMatch(
        /Seq Scan on (transactions|transaction_items|images|image_variants|history)\b/,
      );
    });
  }
});
