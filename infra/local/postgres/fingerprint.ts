import type pg from 'pg';

/** A table as it is at a moment: its rows, and a sum over the hash of each, in which no order matters. */
export interface TableState {
  readonly table: string;
  readonly rows: number;
  readonly digest: string;
}

const tables = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname IN ('imaging', 'orders', 'deployment') ORDER BY 1`;

/** Every table of the database, of one snapshot. */
export async function fingerprint(client: pg.Client): Promise<TableState[]> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const states: TableState[] = [];
  for (const { name } of (await client.query<{ name: string }>(tables)).rows) {
    const { rows } = await client.query<{ rows: string; digest: string }>(
      `SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS digest FROM ${name} AS t`,
    );
    states.push({ table: name, rows: Number(rows[0]!.rows), digest: rows[0]!.digest });
  }
  await client.query('COMMIT');
  return states;
}
