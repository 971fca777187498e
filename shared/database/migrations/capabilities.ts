/** Holds where the server's catalogue has a column of this name in this view. */
const hasColumn = (view: string, column: string): string =>
  `EXISTS (SELECT 1 FROM sys.all_columns WHERE object_id = OBJECT_ID(N'${view}') AND name = N'${column}')`;

/** What T-SQL servers have or have not, with the condition by which their catalogue tells. */
export const capabilities = {
  /** DENY, and a catalogue of permissions. */
  permissions: 'EXISTS (SELECT 1 FROM sys.database_permissions)',
  /** ADD SENSITIVITY CLASSIFICATION. */
  classification: hasColumn('sys.sensitivity_classifications', 'label'),
  /** Columns shown in part. */
  masking: hasColumn('sys.masked_columns', 'masking_function'),
  /** Tables that keep their former rows. */
  temporal: hasColumn('sys.tables', 'temporal_type'),
  /** Tables whose rows are hashed into a ledger. */
  ledger: hasColumn('sys.tables', 'ledger_type'),
} as const;

export type Capability = keyof typeof capabilities;

export const isCapability = (name: string): name is Capability => name in capabilities;

/** One row with a column for each capability, 1 where the server has it. An emulation's catalogue shows what it cannot do. */
export const capabilityQuery = `SELECT ${Object.entries(capabilities)
  .map(
    ([name, condition]) =>
      `CASE WHEN @@VERSION LIKE N'Microsoft SQL%' AND ${condition} THEN 1 ELSE 0 END AS [${name}]`,
  )
  .join(', ')}`;
