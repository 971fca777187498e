import pg from 'pg';
import type { SchemaName } from '../catalog/index.ts';
import type { Columns } from '../catalog/types.ts';
import type { CallContext, Database, Filter } from '../port.ts';
import { roleOf } from '../roles.ts';
import { withRetry } from '../retry.ts';
import { columnsOf, procedureOf, selectStatement, typeOf, type Statement } from '../select.ts';
import { fromDriver, isConnectionFailure } from './errors.ts';
import { dialect, fromWire, sqlTypes, toWire } from './values.ts';

/** Rows in one batch of a stream. */
const batchRows = 5_000;
const poolSize = 8;
/** A restart of the engine's process is waited for. */
const connectBudgetMs = 15_000;

type Rows = Record<string, unknown>[];

/** PostgreSQL: each call is one transaction that takes its role and names its actor, in one round trip. */
export function openEmbedded(address: string): Database {
  const pool = new pg.Pool({
    connectionString: address,
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    pipeline: true,
    types: { getTypeParser: () => (text: string | null) => text },
  });
  // An idle connection that breaks is replaced by the next call; without a listener it would end the process.
  pool.on('error', () => undefined);
  let cursors = 0;

  async function connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await withRetry(() => pool.connect(), {
      retryable: isConnectionFailure,
      budgetMs: connectBudgetMs,
    });
    // Also while it is checked out: the failure reaches the caller through the query that was under way.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      const result = await work(client);
      client.off('error', ignore);
      client.release();
      return result;
    } catch (error) {
      client.off('error', ignore);
      client.release(isConnectionFailure(error));
      throw fromDriver(error);
    }
  }

  const inTransaction = async (
    client: pg.PoolClient,
    schema: SchemaName,
    actor: string,
    statement: Statement,
  ): Promise<(string | null)[][]> => {
    const begin = client.query(
      `BEGIN; SET LOCAL ROLE ${dialect.quote(roleOf(schema))}; ` +
        `SELECT set_config('darkroom.actor', ${pg.escapeLiteral(actor)}, true)`,
    );
    const rows = client.query<(string | null)[]>({
      text: statement.text,
      values: statement.parameters.map(toWire),
      rowMode: 'array',
    });
    // After a failure COMMIT rolls back.
    const end = client.query('COMMIT');
    const [began, answered, ended] = await Promise.allSettled([begin, rows, end]);
    if (began.status === 'rejected') throw began.reason;
    if (answered.status === 'rejected') throw answered.reason;
    if (ended.status === 'rejected') throw ended.reason;
    return answered.value.rows;
  };

  const run = async (schema: SchemaName, actor: string, statement: Statement, columns: Columns) =>
    connected(async (client) => fromWire(columns, await inTransaction(client, schema, actor, statement)));

  /** A held cursor keeps one snapshot, and lets other transactions have their turn between batches. */
  async function* batches(schema: SchemaName, statement: Statement, columns: Columns): AsyncIterable<Rows> {
    const client = await pool.connect();
    let failure: unknown;
    const failed = (error: unknown): void => void (failure = error);
    client.on('error', failed);
    cursors += 1;
    const { processID } = client as unknown as { processID: number };
    const name = `c${processID}_${cursors}`;
    try {
      await inTransaction(client, schema, 'reader', {
        ...statement,
        text: `DECLARE ${name} NO SCROLL CURSOR WITH HOLD FOR ${statement.text}`,
      });
      for (;;) {
        const { rows } = await client.query<(string | null)[]>({
          text: `FETCH ${batchRows} FROM ${name}`,
          rowMode: 'array',
        });
        if (rows.length > 0) yield fromWire(columns, rows);
        if (rows.length < batchRows) return;
      }
    } catch (error) {
      failure ??= error;
      throw fromDriver(error);
    } finally {
      client.off('error', failed);
      if (failure === undefined) await client.query(`CLOSE ${name}`);
      // A broken stream takes its connection, and so its cursor, with it.
      client.release(failure !== undefined);
    }
  }

  const implementation = {
    query: (schema: SchemaName, view: string, filter: Filter<Record<string, unknown>> = {}) =>
      run(schema, 'reader', selectStatement(dialect, schema, view, filter), columnsOf(schema, view)),
    stream: (schema: SchemaName, view: string, filter: Filter<Record<string, unknown>> = {}) =>
      batches(schema, selectStatement(dialect, schema, view, filter), columnsOf(schema, view)),
    execute: (
      schema: SchemaName,
      procedure: string,
      parameters: Record<string, unknown>,
      context: CallContext,
    ) => {
      const { returns } = procedureOf(schema, procedure);
      return run(schema, context.actor, callStatement(schema, procedure, parameters), returns);
    },
    close: () => pool.end(),
  };
  return implementation as unknown as Database;
}

/** A routine is called by name with named, typed arguments; those left out take their default, null. */
function callStatement(schema: SchemaName, procedure: string, given: Record<string, unknown>): Statement {
  const { parameters, returns } = procedureOf(schema, procedure);
  const passed = Object.entries(parameters)
    .map(([name, column]) => ({ name, type: typeOf(column), value: given[name] }))
    .filter(({ value }) => value !== null && value !== undefined);
  const names = passed.map(({ name, type }, index) => `p_${name} => $${index + 1}::${sqlTypes[type]}`);
  const columns = Object.keys(returns).map((name) => `v.${dialect.quote(name)}`);
  const call = `${dialect.quote(schema)}.${dialect.quote(procedure)}(${names.join(', ')})`;
  return { text: `SELECT ${columns.join(', ')} FROM ${call} AS v`, parameters: passed };
}
