import type pg from 'pg';

const tables = ['ledger', 'ledger_leaves', 'ledger_checkpoints'];

/** Copies the ledger's tables, past their triggers, as their owner. What it answers puts them back as they were. */
export async function keepLedger(owner: pg.Client): Promise<() => Promise<void>> {
  await owner.query("SET session_replication_role = 'replica'");
  for (const table of tables)
    await owner.query(`CREATE TEMPORARY TABLE kept_${table} AS TABLE imaging.${table}`);
  return async () => {
    await owner.query('DROP TABLE IF EXISTS gone; DROP TABLE IF EXISTS places');
    for (const table of tables.toReversed()) await owner.query(`DELETE FROM imaging.${table}`);
    for (const table of tables)
      await owner.query(`INSERT INTO imaging.${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_${table}`);
  };
}
