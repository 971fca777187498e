import pg from 'pg';
import type { SchemaName } from '../catalog/index.ts';
import type { CallContext, Database, Filter, Freshness } from '../port.ts';
import { withRetry } from '../retry.ts';
import { columnsOf, procedureOf, selectStatement, typeOf, type Statement } from '../select.ts';
import { fromDriver, isPassing } from './errors.ts';
import { Pools } from './pools.ts';
import { dialect, fromWire, sqlTypes, toWire } from './values.ts';

/** Rows in one batch of a stream. */
const batchRows = 5_000;
/** How long a call that may be repeated is, while servers restart or change places. */
const retryBudgetMs = 20_000;

type AnyFilter = Filter<Record<string, unknown>>;
type Wire = (string | null)[][];
type Work<T> = (client: pg.PoolClient) => Promise<T>;

/** PostgreSQL: a pool of connections for each role, each call one transaction in one round trip. */
export function openEmbedded(address: string): Database {
  const pools = new Pools(address);

  /** `repeatable`: doing it twice is the same as once, so a connection that breaks in the middle is no failure yet. */
  async function call<T>(schema: SchemaName, repeatable: boolean, work: Work<T>): Promise<T> {
    try {
      return await withRetry(async () => lent(await pools.connect(schema), work), {
        retryable: (error) => repeatable && isPassing(error),
        budgetMs: retryBudgetMs,
      });
    } catch (error) {
      throw fromDriver(error);
    }
  }

  const implementation = {
    query: async (schema: SchemaName, view: string, filter: AnyFilter = {}) => {
      const statement = selectStatement(dialect, schema, view, filter);
      const rows = await call(schema, true, (client) => run(client, statement));
      return fromWire(columnsOf(schema, view), rows);
    },
    async *stream(schema: SchemaName, view: string, filter: AnyFilter = {}) {
      const statement = selectStatement(dialect, schema, view, filter);
      const columns = columnsOf(schema, view);
      const client = await pools.connect(schema).catch((error: unknown) => {
        throw fromDriver(error);
      });
      for await (const rows of batches(client, statement)) yield fromWire(columns, rows);
    },
    execute: async (
      schema: SchemaName,
      procedure: string,
      parameters: Record<string, unknown>,
      context: CallContext,
    ) => {
      const { returns, idempotent } = procedureOf(schema, procedure);
      const statement = callStatement(schema, procedure, parameters);
      const rows = await call(schema, idempotent === true, (client) =>
        runAs(client, context.actor, statement),
      );
      return fromWire(returns, rows);
    },
    freshness: (schema: SchemaName) => call(schema, true, readFreshness),
    close: () => pools.close(),
  };
  return implementation as unknown as Database;
}

/** Gives the connection back afterwards; one that broke is dropped. */
async function lent<T>(client: pg.PoolClient, work: Work<T>): Promise<T> {
  // The failure of a connection that is checked out reaches the caller through the query that was under way.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  let failure: unknown;
  try {
    return await work(client);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(isPassing(failure));
  }
}

const asQuery = ({ text, parameters }: Statement) => ({
  text,
  values: parameters.map(toWire),
  rowMode: 'array' as const,
});

const run = async (client: pg.PoolClient, statement: Statement): Promise<Wire> =>
  (await client.query<(string | null)[]>(asQuery(statement))).rows;

/** The primary commits at least once a second, so the last commit that a standby has tells how old it is. */
const freshness = `
  SELECT pg_is_in_recovery(), extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000,
         EXISTS (SELECT FROM pg_stat_wal_receiver)`;

async function readFreshness(client: pg.PoolClient): Promise<Freshness> {
  const [[isStandby, lagMs, isConnected] = []] = await run(client, { text: freshness, parameters: [] });
  if (isStandby !== 't') return { source: 'primary', lagMs: 0, isConnected: true };
  const known = typeof lagMs === 'string' ? Math.max(0, Math.round(Number(lagMs))) : undefined;
  return { source: 'replica', lagMs: known, isConnected: isConnected === 't' };
}

/** One transaction that names its actor, sent as one. */
async function runAs(client: pg.PoolClient, actor: string, statement: Statement): Promise<Wire> {
  const begin = client.query(`BEGIN; SELECT set_config('darkroom.actor', ${pg.escapeLiteral(actor)}, true)`);
  const rows = client.query<(string | null)[]>(asQuery(statement));
  // After a failure COMMIT rolls back.
  const end = client.query('COMMIT');
  const [began, answered, ended] = await Promise.allSettled([begin, rows, end]);
  if (began.status === 'rejected') throw began.reason;
  if (answered.status === 'rejected') throw answered.reason;
  if (ended.status === 'rejected') throw ended.reason;
  return answered.value.rows;
}

/** All batches come from one snapshot, that of the cursor. */
async function* batches(client: pg.PoolClient, statement: Statement): AsyncIterable<Wire> {
  let failure: unknown;
  const failed = (error: unknown): void => void (failure = error);
  client.on('error', failed);
  const fetch: Statement = { text: `FETCH ${batchRows} FROM batches`, parameters: [] };
  try {
    await client.query('BEGIN READ ONLY');
    await run(client, { ...statement, text: `DECLARE batches NO SCROLL CURSOR FOR ${statement.text}` });
    for (;;) {
      const rows = await run(client, fetch);
      if (rows.length > 0) yield rows;
      if (rows.length < batchRows) break;
    }
  } catch (error) {
    failure ??= error;
    throw fromDriver(error);
  } finally {
    client.off('error', failed);
    if (failure === undefined) await client.query('COMMIT');
    // A broken stream takes its connection, and so its cursor, with it.
    client.release(failure !== undefined);
  }
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
