/** What engineering sees of orders, exports, rights and the schema itself; a part of the schema `operations`. */
export const oversightViews = {
  /** Every change of an order or a product, whoever made it and however. Decimals are texts in `before` and `after`. */
  history: {
    key: ['sequence'],
    columns: {
      sequence: 'bigint',
      at: 'instant',
      actor: 'text',
      /** `order` or `product`. */
      entity: 'text',
      entity_id: 'bigint',
      action: 'text',
      before: 'json?',
      after: 'json?',
      reason: 'text?',
    },
  },
  exports: {
    key: ['table_name'],
    columns: {
      table_name: 'text',
      watermark: 'bigint',
      rows: 'bigint',
      files: 'int',
      bytes: 'bigint',
      exported_at: 'instant',
    },
  },
  migrations: {
    key: ['name'],
    columns: { name: 'text', checksum: 'text', applied_at: 'instant', applied_by: 'text' },
  },
  /** Role × object × verb as the engine itself answers, tables included. */
  rights: {
    key: ['role_name', 'schema_name', 'object_name', 'verb'],
    columns: {
      role_name: 'text',
      schema_name: 'text',
      object_name: 'text',
      /** `view`, `procedure` or `table`. */
      kind: 'text',
      /** `select`, `insert`, `update`, `delete` or `execute`. */
      verb: 'text',
      allowed: 'boolean',
    },
  },
} as const;
