import { init, parse } from '@guanmingchiu/sqlparser-ts';
import { codeOf, readMigrations, type Migration } from '../../shared/database/migrations/files.ts';
import { batchesOf } from '../../shared/database/migrations/mssql.ts';
import { inOrder } from '../../shared/database/migrations/plan.ts';
import { codesThrough, isOfInterface, type Parameter, type SqlInterface, type Type } from './interface.ts';
import { nameOf, type Statement } from './syntax.ts';
import { columnsOf, declared, type Columns } from './view-types.ts';

const parsed = (sql: string): Statement => (parse(sql, 'mssql') as unknown as Statement[])[0]!;

/** CREATE TABLE, a column that is added, and CREATE VIEW, also as a text that is executed: the first one, which is SQL Server's. */
const readable =
  /(?<=EXEC \(N')CREATE VIEW [^']*|^CREATE (TABLE|VIEW) [\s\S]*|^ALTER TABLE \S+ ADD (?!CONSTRAINT)[\s\S]*/m;

/** The interface of sql/azure, read from its text. Throws where it meets what it cannot tell. */
export async function azureInterface(given?: readonly Migration[]): Promise<SqlInterface> {
  await init();
  const files = given ?? (await readMigrations('azure'));
  // The runner's own table, which a view shows.
  const relations = new Map<string, Columns>([['deployment.migrations', columnsOfRecord]]);
  const views = new Map<string, [string, Type][]>();
  const bodies = new Map<string, string>();
  const grants = new Set<string>();
  for (const file of [...files.filter(({ objects }) => objects.length === 0), ...inOrder(files)]) {
    for (const batch of batchesOf(file.sql)) {
      try {
        readRelation(batch, relations, views);
      } catch (cause) {
        throw new Error(`${file.name}: ${(cause as Error).message} in "${batch.split('\n')[0]}"`, { cause });
      }
      const code = codeOf(batch);
      const routine = /^\s*CREATE (?:PROCEDURE|FUNCTION|TRIGGER) (\w+\.\w+)/.exec(code)?.[1];
      if (routine !== undefined) bodies.set(routine, code);
      for (const grant of grantsIn(code)) grants.add(grant);
    }
  }
  const codes = codesThrough(bodies, raised);
  const procedures = new Map(
    [...bodies].filter(([name]) => isOfInterface(name)).map(([name, code]) => [name, parametersOf(code)]),
  );
  return { views, procedures, codes, grants };
}

const text = (detail: string) => (): Type => ({ base: 'text', detail });
const columnsOfRecord: Columns = new Map([
  ['name', text('100')],
  ['checksum', text('64')],
  ['applied_at', (): Type => ({ base: 'instant' })],
  ['applied_by', text('200')],
]);

function readRelation(
  batch: string,
  relations: Map<string, Columns>,
  views: Map<string, [string, Type][]>,
): void {
  const statement = readable.exec(batch.replaceAll(/^--.*$/gm, ''))?.[0].replace(' WITH SCHEMABINDING', '');
  // A ledger's table is no part of the interface, and its option is beyond the parser.
  if (statement === undefined || /LEDGER = ON/.test(statement)) return;
  const { CreateTable, CreateView, AlterTable } = parsed(statement);
  for (const { AddColumn } of AlterTable?.operations ?? []) {
    if (AddColumn === undefined) continue;
    const { name, data_type } = AddColumn.column_def;
    const table = nameOf(AlterTable!.name);
    relations.set(table, new Map([...relations.get(table)!, [name.value, () => declared(data_type)]]));
  }
  if (CreateTable !== undefined) {
    const columns = CreateTable.columns.map(
      ({ name, data_type }) => [name.value, () => declared(data_type)] as const,
    );
    relations.set(nameOf(CreateTable.name), new Map(columns));
  }
  if (CreateView === undefined) return;
  const name = nameOf(CreateView.name);
  const columns = columnsOf(CreateView.query, relations);
  relations.set(name, columns);
  if (isOfInterface(name))
    views.set(
      name,
      [...columns].map(([column, type]) => [column, type()]),
    );
}

const declaration = /@(\w+) (\w+)(?:\(([^)]*)\))?( = )?/g;

/** What stands between a procedure's name and its AS. */
function parametersOf(code: string): Parameter[] {
  const head = /^\s*CREATE PROCEDURE \w+\.\w+([\s\S]*?)\bAS\s+BEGIN\b/.exec(code)?.[1] ?? '';
  return [...head.matchAll(declaration)].map(([, name, word, size, fallback]) => {
    const type = size === 'max' ? { Nvarchar: 'Max' } : { [word!]: undefined };
    return { name: name!, type: { base: declared(type).base }, optional: fallback !== undefined };
  });
}

/** Being busy is no answer of a procedure's own; a text that is no JSON is refused by its type in PostgreSQL. */
const raised = (body: string): string[] =>
  [...body.matchAll(/\bTHROW 51(\d{3})/g)].map(([, code]) => code!).filter((code) => code !== '503');

function grantsIn(code: string): string[] {
  return [...code.matchAll(/^GRANT ([\w, ]+?) ON SCHEMA::(\w+) TO (\w+);/gm)].flatMap(
    ([, rights, schema, role]) =>
      rights!.split(', ').map((right) => `${role} : ${right} on ${schema}`.replace(' :', ':')),
  );
}
