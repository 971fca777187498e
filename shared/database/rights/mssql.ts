import sql from 'mssql';
import { isForbidden } from '../mssql/errors.ts';
import { configOf, type Login } from '../mssql/pools.ts';
import { verbsOf, type Answer, type Action, type Kind, type RightsProbe, type Verb } from './types.ts';

interface Thing {
  readonly schema_name: string;
  readonly object_name: string;
  readonly type: string;
  readonly object_id: number;
}

const things = `
  SELECT s.name AS schema_name, o.name AS object_name, RTRIM(o.type) AS type, o.object_id
  FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
  WHERE o.type IN ('U', 'V', 'P', 'FN', 'IF', 'TF') AND s.name <> N'sys' ORDER BY s.name, o.name`;

const kindOf = (type: string): Kind => (type === 'V' ? 'view' : type === 'U' ? 'table' : 'procedure');

/** "Nobody can": a view of sums, a computed or identity column; and what a compatible server says instead. */
const cannot = [4406, 4403, 271, 8102, 4405, 272, 273];
const cannotText =
  /cannot (insert into|update|delete from) (column|view)|not updatable|generated always|can only be updated to default/i;

export interface MssqlProbeOptions {
  /** The login of each role; without it every attempt is made as whoever `address` signs in. */
  readonly loginOf?: (role: string) => Login;
}

export async function probeMssql(address: string, options: MssqlProbeOptions = {}): Promise<RightsProbe> {
  const pools = new Map<string, Promise<sql.ConnectionPool>>();
  const poolOf = (role: string | undefined): Promise<sql.ConnectionPool> => {
    const login = role === undefined ? undefined : options.loginOf?.(role);
    const key = login?.user ?? '';
    const known = pools.get(key);
    if (known !== undefined) return known;
    const opening = new sql.ConnectionPool({ ...configOf(address, 'operations', {}), ...login }).connect();
    pools.set(key, opening);
    return opening;
  };
  const owner = await poolOf(undefined);
  const listed = (await owner.request().query<Thing>(things)).recordset;
  const parameters = await parametersOf(owner);
  const columns = await columnsOf(owner);
  const known = new Map(listed.map((thing) => [`${thing.schema_name}.${thing.object_name}`, thing]));

  const statementOf = ({ schema, object, verb }: Action): string => {
    const name = `[${schema}].[${object}]`;
    const thing = known.get(`${schema}.${object}`);
    const column = thing === undefined ? undefined : columns.get(thing.object_id);
    const names = (thing === undefined ? undefined : parameters.get(thing.object_id)) ?? [];
    const statements: Record<Verb, string> = {
      select: `SELECT TOP (0) 1 AS one FROM ${name}`,
      insert: `INSERT INTO ${name} ([${column}]) SELECT NULL WHERE 1 = 0`,
      update: `UPDATE ${name} SET [${column}] = NULL WHERE 1 = 0`,
      delete: `DELETE FROM ${name} WHERE 1 = 0`,
      execute:
        thing?.type === 'P'
          ? `EXEC ${name} ${names.map((parameter) => `${parameter} = NULL`).join(', ')}`
          : `SELECT ${name}(${names.map(() => 'NULL').join(', ')}) AS answer`,
    };
    return statements[verb];
  };

  return {
    actions: () =>
      Promise.resolve(
        listed.flatMap(({ schema_name, object_name, type }) =>
          verbsOf[kindOf(type)].map((verb) => ({
            schema: schema_name,
            object: object_name,
            kind: kindOf(type),
            verb,
          })),
        ),
      ),
    async attempt(role, action): Promise<Answer> {
      const transaction = (await poolOf(role)).transaction();
      await transaction.begin();
      try {
        await transaction.request().batch(statementOf(action));
        return 'allowed';
      } catch (error) {
        const { number, message } = error as { number?: number; message: string };
        if (isForbidden(error)) return 'denied';
        return cannot.includes(number ?? 0) || cannotText.test(message) ? 'impossible' : 'allowed';
      } finally {
        // A procedure that failed under XACT_ABORT has rolled back already.
        await transaction.rollback().catch(() => undefined);
      }
    },
    async account(role, { schema, object, verb }): Promise<boolean> {
      const { recordset } = await owner
        .request()
        .input('role', role)
        .input('schema', schema)
        .input('object', object)
        .input('verb', verb)
        .query<{ allowed: boolean }>(
          `SELECT allowed FROM operations.rights
           WHERE role_name = @role AND schema_name = @schema AND object_name = @object AND verb = @verb`,
        );
      return recordset[0]?.allowed === true;
    },
    close: async () => {
      for (const pool of pools.values()) await (await pool).close();
    },
  };
}

async function parametersOf(owner: sql.ConnectionPool): Promise<Map<number, string[]>> {
  const { recordset } = await owner.request().query<{ object_id: number; name: string }>(
    `SELECT object_id, name FROM sys.all_parameters WHERE object_id IN (SELECT object_id FROM sys.objects)
       AND parameter_id > 0 ORDER BY object_id, parameter_id`,
  );
  const names = new Map<number, string[]>();
  for (const { object_id, name } of recordset) names.set(object_id, [...(names.get(object_id) ?? []), name]);
  return names;
}

/** A column of each table and view that a statement may name: the last one that the server does not fill itself. */
async function columnsOf(owner: sql.ConnectionPool): Promise<Map<number, string>> {
  const { recordset } = await owner.request().query<{ object_id: number; name: string }>(
    `SELECT object_id, name FROM sys.columns
     WHERE is_identity = 0 AND is_computed = 0 AND TYPE_NAME(system_type_id) <> N'timestamp'
       AND object_id IN (SELECT object_id FROM sys.objects)
     ORDER BY object_id, column_id DESC`,
  );
  const first = new Map<number, string>();
  for (const { object_id, name } of recordset) if (!first.has(object_id)) first.set(object_id, name);
  return first;
}
