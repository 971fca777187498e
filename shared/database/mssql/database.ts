import sql from 'mssql';
import type { SchemaName } from '../catalog/index.ts';
import type { CallContext, Database, Filter, Freshness } from '../port.ts';
import { withRetry } from '../retry.ts';
import { columnsOf, procedureOf, selectStatement, typeOf, type Statement } from '../select.ts';
import { whenAvailable } from './connect.ts';
import { fromDriver, isNotConnected, isTransient, wasRolledBack } from './errors.ts';
import { Pools, type MssqlOptions } from './pools.ts';
import { streamRows } from './stream.ts';
import { dialect, filterType, fromRow, inputTypes, toDriver } from './values.ts';

/** How long a call keeps trying while the server says that the fault will pass. */
const retryBudgetMs = 30_000;

const freshness =
  "SELECT CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS updateability";

type Row = Record<string, unknown>;
type AnyFilter = Filter<Record<string, unknown>>;
type Prepare = (request: sql.Request) => Promise<sql.IResult<Row>>;

/** Azure SQL, or any server that speaks TDS and has applied sql/azure. */
export function openMssql(address: string, options: MssqlOptions = {}): Database {
  const pools = new Pools(address, options);

  const call = async (schema: SchemaName, repeatable: boolean, send: Prepare) => {
    try {
      // A database that paused while the pool was open answers as one that was paused when it opened.
      return await whenConnected(() =>
        withRetry(async () => send((await pools.of(schema)).request()), {
          retryable: (error) =>
            !isNotConnected(error) && (wasRolledBack(error) || (repeatable && isTransient(error))),
          budgetMs: retryBudgetMs,
        }),
      );
    } catch (error) {
      throw fromDriver(error);
    }
  };

  const whenConnected = <T>(work: () => Promise<T>): Promise<T> =>
    whenAvailable(work, undefined, undefined, isNotConnected);

  const select = async (schema: SchemaName, view: string, filter: AnyFilter) => {
    const columns = columnsOf(schema, view);
    const statement = selectStatement(dialect, schema, view, filter);
    const { recordset } = await call(schema, true, (request) =>
      bound(request, statement).query<Row>(statement.text),
    );
    return recordset.map((row) => fromRow(columns, row));
  };

  /**
   * Rows with a watermark, only below a horizon that was taken before them: in one statement the server may look at its
   * horizon after the moment that the rows are of, and a watermark would pass a change that they do not show.
   */
  const belowHorizon = async (schema: SchemaName, view: string, filter: AnyFilter): Promise<AnyFilter> => {
    if (schema !== 'warehouse' || view === 'horizon' || !('changed' in columnsOf(schema, view)))
      return filter;
    const [horizon] = await select(schema, 'horizon', {});
    const below = { column: 'changed', operator: '<', value: horizon?.['changed'] } as const;
    return { ...filter, where: [...(filter.where ?? []), below] };
  };

  const implementation = {
    query: async (schema: SchemaName, view: string, filter: AnyFilter = {}) =>
      select(schema, view, await belowHorizon(schema, view, filter)),
    async *stream(schema: SchemaName, view: string, filter: AnyFilter = {}) {
      const columns = columnsOf(schema, view);
      const statement = selectStatement(dialect, schema, view, await belowHorizon(schema, view, filter));
      const { batches, first } = await whenConnected(async () => {
        const request = bound((await pools.of(schema)).request(), statement);
        const begun = streamRows(request, statement.text);
        return { batches: begun, first: await begun.next() };
      });
      try {
        for (let next = first; !next.done; next = await batches.next())
          yield next.value.map((row) => fromRow(columns, row));
      } finally {
        await batches.return(undefined);
      }
    },
    execute: async (
      schema: SchemaName,
      procedure: string,
      parameters: Record<string, unknown>,
      context: CallContext,
    ) => {
      const { returns, idempotent } = procedureOf(schema, procedure);
      const { recordset } = await call(schema, idempotent === true, (request) =>
        executed(request, schema, procedure, parameters, context),
      );
      // No rows were announced where a procedure returns none.
      return ((recordset as typeof recordset | undefined) ?? []).map((row) => fromRow(returns, row));
    },
    freshness: async (schema: SchemaName): Promise<Freshness> => {
      const { recordset } = await call(schema, true, (request) => request.query<Row>(freshness));
      const isReplica = recordset[0]?.['updateability'] === 'READ_ONLY';
      // How far a replica is behind stands in a view that asks for a right on the whole database; no role has it.
      return {
        source: isReplica ? 'replica' : 'primary',
        lagMs: isReplica ? undefined : 0,
        isConnected: true,
      };
    },
    close: () => pools.close(),
  };
  return implementation as unknown as Database;
}

function bound(request: sql.Request, statement: Statement): sql.Request {
  statement.parameters.forEach(({ type, value }, index) =>
    request.input(`p${index + 1}`, filterType(type), toDriver(type, value)),
  );
  return request;
}

/** The actor and the call go in one batch, so that they meet on one connection; every call names its actor anew. */
function executed(
  request: sql.Request,
  schema: SchemaName,
  procedure: string,
  given: Record<string, unknown>,
  context: CallContext,
): Promise<sql.IResult<Row>> {
  const { parameters } = procedureOf(schema, procedure);
  // sql_variant, which the session's context holds, takes no nvarchar(max).
  request.input('session_actor', sql.NVarChar(4000), context.actor);
  const names = Object.entries(parameters).map(([name, column]) => {
    const type = typeOf(column);
    request.input(name, inputTypes[type](), toDriver(type, given[name]));
    return `@${name} = @${name}`;
  });
  return request.query<Row>(
    `EXEC sys.sp_set_session_context @key = N'actor', @value = @session_actor; ` +
      `EXEC ${dialect.quote(schema)}.${dialect.quote(procedure)} ${names.join(', ')};`,
  );
}
