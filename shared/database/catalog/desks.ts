import type { Schema } from './types.ts';

export const orderStatuses = ['pending', 'completed', 'cancelled'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** What a member pays for; every one of them may buy while `active`. */
export const memberships = ['standard', 'plus', 'professional'] as const;

export const memberStatuses = ['active', 'suspended', 'ended'] as const;

/** Days are days of UTC. Money is decimal(19,4), weight decimal(12,3) in kilograms. */
const order = {
  order_id: 'bigint',
  placed_day: 'date',
  placed_at: 'instant',
  status: 'text',
  lines: 'int',
  quantity: 'int',
  total_weight: 'decimal',
  total_price: 'decimal',
  completed_at: 'instant?',
  completed_by: 'text?',
  cancelled_at: 'instant?',
  /** Rises by one with each change: what a check-off says that it saw. */
  row_version: 'int',
} as const;

const product = {
  product_id: 'bigint',
  name: 'text',
  manufacturer: 'text',
  cost: 'decimal',
  weight: 'decimal',
  is_active: 'boolean',
  created_at: 'instant',
  created_by: 'text',
  changed_at: 'instant',
  changed_by: 'text',
  retired_at: 'instant?',
  retired_by: 'text?',
  row_version: 'int',
} as const;

export const deskCatalog = {
  logistics: {
    views: {
      orders: { key: ['order_id'], columns: order },
      order_items: {
        key: ['order_id', 'line'],
        columns: {
          order_id: 'bigint',
          line: 'int',
          product_id: 'bigint',
          product_name: 'text',
          manufacturer: 'text',
          quantity: 'int',
          unit_weight: 'decimal',
          weight: 'decimal',
          unit_price: 'decimal',
          price: 'decimal',
        },
      },
      /** By the day that orders were placed on; `orders` counts all, weight and price leave cancelled ones out. */
      daily: {
        key: ['day'],
        columns: {
          day: 'date',
          orders: 'bigint',
          pending: 'bigint',
          completed: 'bigint',
          cancelled: 'bigint',
          total_weight: 'decimal',
          total_price: 'decimal',
        },
      },
    },
    procedures: {
      /** Answers the order. One that is completed stays as it is; `wrong-state` where it is cancelled. */
      complete_order: {
        idempotent: true,
        parameters: { order_id: 'bigint', row_version: 'int?' },
        returns: order,
      },
      /**
       * `orders`: array of {orderId, rowVersion}. Answers for each, in that order: `done`, `already-done`, or `refused`
       * with the reason `not-found`, `cancelled` or `changed` (it is not the version that was seen).
       */
      complete_orders: {
        idempotent: true,
        parameters: { orders: 'json' },
        returns: {
          order_id: 'bigint',
          outcome: 'text',
          reason: 'text?',
          completed_at: 'instant?',
          completed_by: 'text?',
          row_version: 'int?',
        },
      },
    },
  },
  /** A right of its own: taking back a completion. */
  logistics_lead: {
    views: { completed_orders: { key: ['order_id'], columns: order } },
    procedures: {
      reopen_order: {
        parameters: { order_id: 'bigint', row_version: 'int', reason: 'text' },
        returns: order,
      },
    },
  },
  sales: {
    views: {
      products: { key: ['product_id'], columns: product },
      /** Every version that a product had, the present one too. */
      product_history: {
        key: ['product_id', 'version'],
        columns: {
          product_id: 'bigint',
          version: 'int',
          name: 'text',
          manufacturer: 'text',
          cost: 'decimal',
          weight: 'decimal',
          is_active: 'boolean',
          changed_by: 'text',
          changed_at: 'instant',
        },
      },
    },
    procedures: {
      /** `conflict` where the manufacturer has a product of that name, retired ones included. */
      add_product: {
        parameters: { name: 'text', manufacturer: 'text', cost: 'decimal', weight: 'decimal' },
        returns: product,
      },
      /** `precondition-failed` where it is not the version that was seen; `wrong-state` where it is retired. */
      correct_product: {
        parameters: {
          product_id: 'bigint',
          row_version: 'int',
          name: 'text',
          manufacturer: 'text',
          cost: 'decimal',
          weight: 'decimal',
        },
        returns: product,
      },
      retire_product: {
        idempotent: true,
        parameters: { product_id: 'bigint', row_version: 'int?' },
        returns: product,
      },
      restore_product: {
        idempotent: true,
        parameters: { product_id: 'bigint', row_version: 'int?' },
        returns: product,
      },
      /**
       * `rows`: array of {line, productId?, name, manufacturer, cost, weight, isActive?, rowVersion?}, the values as texts. A
       * row is told by its product id, else by name and manufacturer; one that changes a product which has another row
       * version is invalid. Answers `added`, `changed`, `unchanged` or `invalid` (once for each
       * faulty column) for each line. Nothing is applied when one is invalid, or with `dry_run`.
       */
      import_products: {
        idempotent: true,
        parameters: { rows: 'json', dry_run: 'boolean' },
        returns: {
          line: 'int',
          outcome: 'text',
          product_id: 'bigint?',
          column_name: 'text?',
          value: 'text?',
          reason: 'text?',
        },
      },
    },
  },
  storefront: {
    views: {
      /** What can be bought. */
      products: {
        key: ['product_id'],
        columns: {
          product_id: 'bigint',
          name: 'text',
          manufacturer: 'text',
          cost: 'decimal',
          weight: 'decimal',
        },
      },
      members: {
        key: ['member_id'],
        columns: { member_id: 'bigint', membership_id: 'text', membership: 'text', status: 'text' },
      },
      orders: {
        key: ['order_id'],
        columns: {
          order_id: 'bigint',
          member_id: 'bigint',
          status: 'text',
          lines: 'int',
          quantity: 'int',
          total_weight: 'decimal',
          total_price: 'decimal',
          placed_at: 'instant',
          row_version: 'int',
        },
      },
    },
    procedures: {
      /** `conflict` where the e-mail address is known. */
      register_member: {
        parameters: {
          name: 'text',
          email: 'text',
          date_of_birth: 'date',
          mobile: 'text',
          membership: 'text',
        },
        returns: { member_id: 'bigint', membership_id: 'text', status: 'text' },
      },
      change_membership: {
        idempotent: true,
        parameters: { member_id: 'bigint', membership: 'text', status: 'text', reason: 'text' },
        returns: { member_id: 'bigint', membership: 'text', status: 'text', row_version: 'int' },
      },
      /**
       * `items`: array of {productId, quantity}. The same `request_key` of a member is the same order: `created` or
       * `exists`. `wrong-state` where the member is not in good standing or a product is retired.
       */
      place_order: {
        idempotent: true,
        parameters: { member_id: 'bigint', request_key: 'text', items: 'json', placed_at: 'instant?' },
        returns: {
          order_id: 'bigint',
          outcome: 'text',
          status: 'text',
          total_price: 'decimal',
          total_weight: 'decimal',
          placed_at: 'instant',
          row_version: 'int',
        },
      },
      /** A cancelled order stays as it is; `wrong-state` where it is completed. */
      cancel_order: {
        idempotent: true,
        parameters: { order_id: 'bigint' },
        returns: { order_id: 'bigint', status: 'text', row_version: 'int' },
      },
    },
  },
} as const satisfies Record<string, Schema>;
