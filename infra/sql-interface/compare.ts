import { catalog } from '../../shared/database/catalog/index.ts';
import type { Columns, Schema, SqlType } from '../../shared/database/catalog/types.ts';
import { grantsOfModel, type Parameter, type SqlInterface, type Type } from './interface.ts';

const told = ({ base, detail }: Type): string => (detail === undefined ? base : `${base}(${detail})`);

/** A length or precision counts where both fix one: an engine computes without, where the other declares. */
const isSame = (one: Type, other: Type): boolean =>
  one.base === other.base &&
  (one.detail === undefined || other.detail === undefined || one.detail === other.detail);

const list = (names: Iterable<string>): string => [...names].sort().join(', ') || 'none';

/** What is different, a sentence each; nothing when the two engines and the catalogue say the same. */
export function differencesOf(azure: SqlInterface, embedded: SqlInterface): string[] {
  return [
    ...missing('view', azure.views, embedded.views),
    ...missing('procedure', azure.procedures, embedded.procedures),
    ...[...azure.views].flatMap(([name, columns]) =>
      columnDifferences(name, columns, embedded.views.get(name)),
    ),
    ...[...azure.procedures].flatMap(([name, parameters]) => [
      ...parameterDifferences(name, parameters, embedded.procedures.get(name)),
      ...codeDifferences(name, azure, embedded),
    ]),
    ...grantDifferences('azure', azure.grants),
    ...grantDifferences('embedded', embedded.grants),
    ...catalogueDifferences('azure', azure),
    ...catalogueDifferences('embedded', embedded),
  ];
}

function missing(
  kind: string,
  azure: ReadonlyMap<string, unknown>,
  embedded: ReadonlyMap<string, unknown>,
): string[] {
  const names = [...new Set([...azure.keys(), ...embedded.keys()])].sort();
  return names
    .filter((name) => !azure.has(name) || !embedded.has(name))
    .map((name) => `${kind} ${name} is only in ${azure.has(name) ? 'azure' : 'embedded'}`);
}

type ViewColumns = readonly (readonly [string, Type])[];

/** Names, their order and their types. */
function columnDifferences(name: string, azure: ViewColumns, embedded: ViewColumns | undefined): string[] {
  if (embedded === undefined) return [];
  const [left, right] = [azure, embedded].map((columns) => columns.map(([column]) => column).join(', '));
  if (left !== right) return [`view ${name}: azure has the columns ${left}; embedded ${right}`];
  return azure.flatMap(([column, type], index) => {
    const other = embedded[index]![1];
    if (isSame(type, other)) return [];
    return [`view ${name}: ${column} is ${told(type)} in azure, ${told(other)} in embedded`];
  });
}

/** Names, types and which may be left out; callers name their arguments, so the order does not count. */
function parameterDifferences(
  name: string,
  azure: readonly Parameter[],
  embedded: readonly Parameter[] | undefined,
): string[] {
  if (embedded === undefined) return [];
  const tell = (parameters: readonly Parameter[]): string =>
    list(parameters.map((one) => `${one.name}${one.optional ? '?' : ''} ${told(one.type)}`));
  const [left, right] = [tell(azure), tell(embedded)];
  return left === right ? [] : [`procedure ${name}: azure takes ${left}; embedded ${right}`];
}

function codeDifferences(name: string, azure: SqlInterface, embedded: SqlInterface): string[] {
  const tell = ({ codes, procedures }: SqlInterface): string => {
    // A text that is no JSON is refused by its type in PostgreSQL, which means the same to a caller.
    const takesJson = procedures.get(name)?.some(({ type }) => type.base === 'json') === true;
    return list(new Set([...(codes.get(name) ?? []), ...(takesJson ? ['422'] : [])]));
  };
  const [left, right] = [tell(azure), tell(embedded)];
  return left === right ? [] : [`procedure ${name}: azure raises ${left}; embedded ${right}`];
}

function grantDifferences(engine: string, grants: ReadonlySet<string>): string[] {
  return [
    ...[...grantsOfModel]
      .filter((grant) => !grants.has(grant))
      .map((grant) => `${engine} does not grant ${grant}`),
    ...[...grants].filter((grant) => !grantsOfModel.has(grant)).map((grant) => `${engine} grants ${grant}`),
  ];
}

const plain = (columns: Columns): [string, SqlType][] =>
  Object.entries(columns).map(([name, type]) => [name, type.replace('?', '') as SqlType]);

function catalogueDifferences(engine: string, { views, procedures }: SqlInterface): string[] {
  const schemas = Object.entries(catalog as Record<string, Schema>);
  const declared = {
    views: schemas.flatMap(([schema, one]) =>
      Object.entries(one.views).map(([name, view]) => [`${schema}.${name}`, view.columns] as const),
    ),
    procedures: schemas.flatMap(([schema, one]) =>
      Object.entries(one.procedures).map(
        ([name, procedure]) => [`${schema}.${name}`, procedure.parameters] as const,
      ),
    ),
  };
  const compare = (
    kind: string,
    meant: readonly (readonly [string, Columns])[],
    found: ReadonlyMap<string, string>,
  ): string[] => [
    ...meant.flatMap(([name, columns]) => {
      const wanted = list(plain(columns).map((pair) => pair.join(' ')));
      const has = found.get(name);
      if (has === wanted) return [];
      return [`${kind} ${name}: the catalogue has ${wanted}; ${engine} ${has ?? 'has no such thing'}`];
    }),
    ...[...found.keys()]
      .filter((name) => !meant.some(([one]) => one === name))
      .map((name) => `${kind} ${name} of ${engine} is not in the catalogue`),
  ];
  const ofViews = [...views].map(
    ([name, columns]) => [name, list(columns.map(([column, { base }]) => `${column} ${base}`))] as const,
  );
  const ofProcedures = [...procedures].map(
    ([name, all]) => [name, list(all.map((one) => `${one.name} ${one.type.base}`))] as const,
  );
  return [
    ...compare('view', declared.views, new Map(ofViews)),
    ...compare('procedure', declared.procedures, new Map(ofProcedures)),
  ];
}
