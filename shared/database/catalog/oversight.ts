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
  /** Who asked for a person's data or its erasure, why, and what came of it; never changed. */
  person_requests: {
    key: ['sequence'],
    columns: {
      sequence: 'bigint',
      at: 'instant',
      actor: 'text',
      /** `export` or `erase`. */
      action: 'text',
      /** `uploader` or `member`. */
      kind: 'text',
      /** A member's random key, or the salted commitment of an uploader. */
      subject: 'text',
      reason: 'text',
      result: 'json',
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
  /** Groups, identities and logins, by the role that they are members of. */
  role_members: {
    key: ['role_name', 'member_name'],
    columns: { role_name: 'text', member_name: 'text' },
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

/** What is asked about one person. */
export const personProcedures = {
  record_person_request: {
    parameters: {
      action: 'text',
      kind: 'text',
      subject: 'text',
      reason: 'text',
      result: 'json',
      at: 'instant',
    },
    returns: { sequence: 'bigint' },
  },
  /** What is kept of a member; the question is recorded. */
  export_member: {
    parameters: { member_id: 'bigint', reason: 'text', at: 'instant' },
    returns: {
      member_key: 'uuid',
      name: 'text',
      email: 'text',
      date_of_birth: 'date',
      mobile: 'text',
      membership: 'text',
      status: 'text',
      joined_at: 'instant',
      history: 'json',
      orders: 'json',
      sequence: 'bigint',
    },
  },
  /** Replaces what is personal by the member's key: `erased`, in a dry run `found`, `exists` when it was done before. */
  erase_member: {
    idempotent: true,
    parameters: {
      member_id: 'bigint',
      reason: 'text',
      dry_run: 'boolean',
      at: 'instant',
      // Of whom a receipt tells: after a restore the id may be another's.
      member_key: 'uuid?',
    },
    returns: {
      outcome: 'text',
      member_key: 'uuid',
      orders: 'bigint',
      total_price: 'decimal',
      sequence: 'bigint?',
      erased_at: 'instant',
    },
  },
} as const;
