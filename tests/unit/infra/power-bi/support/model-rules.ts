import { lakeTables, tableOf } from '../../../../../shared/lake/schema.ts';
import type { LakeTableName, LakeType } from '../../../../../shared/lake/schema-types.ts';
import { viewSchema } from '../../../../../shared/lake/views/view.ts';
import { referencesOf } from './dax.ts';
import { property, readModel, type Files, type Model, type Table } from './project.ts';
import type { TmdlNode } from '../../../../../infra/power-bi-files/tmdl.ts';

const dataTypes: Readonly<Record<string, string>> = {
  int: 'int64',
  bigint: 'int64',
  boolean: 'boolean',
  date: 'dateTime',
  instant: 'dateTime',
};
const dataTypeOf = (type: LakeType): string =>
  dataTypes[type] ?? (type.startsWith('decimal') ? 'decimal' : 'string');

/** Columns of a view that a report can use: those of the export itself are of no use there. */
const viewColumns = (view: string): [name: string, type: LakeType][] =>
  (lakeTables as readonly string[]).includes(view)
    ? Object.entries(tableOf(view as LakeTableName).columns)
        .filter(([, { is }]) => is !== 'technical')
        .map(([name, { type }]) => [name, type])
    : [];

const names = (nodes: readonly TmdlNode[]): string[] => nodes.map(({ name }) => name);
const missing = (wanted: readonly string[], there: readonly string[]): string[] =>
  wanted.filter((one) => !there.includes(one));

const fromViews = (model: Model): (Table & { view: string })[] =>
  model.tables.filter((table): table is Table & { view: string } => table.view !== undefined);

const hasColumn = (model: Model, table: string, column: string): boolean =>
  model.tables.some((one) => one.name === table && names(one.columns).includes(column));

/** What a DAX expression names and the model lacks; `row` is the table whose columns stand without its name. */
function daxFaults(model: Model, dax: string, row?: string): string[] {
  const { columns, unqualified, tables } = referencesOf(dax);
  const measures = model.tables.flatMap((table) => names(table.measures));
  const own = model.tables.find(({ name }) => name === row)?.columns ?? [];
  return [
    ...columns
      .filter(([table, column]) => !hasColumn(model, table, column))
      .map((one) => `${one.join('[')}]`),
    ...missing(unqualified, [...measures, ...names(own)]).map((one) => `[${one}]`),
    ...missing(tables, names(model.tables.map(({ node }) => node))),
  ];
}

/** A view's row is told from others by its key; of a dimension with history, of what holds now, by the rest of it. */
function isUnique(table: Table | undefined, column: string): boolean {
  if (table?.view === undefined) return false;
  const { key } = tableOf(table.view as LakeTableName);
  const holdsNow = /Table\.SelectRows\(\w+, each \[is_current\]\)/.test(table.source);
  return [column].join() === key.filter((one) => !(holdsNow && one === 'version')).join();
}

const tagged = new Set(['table', 'column', 'measure', 'hierarchy', 'level', 'expression']);
const withTags = (node: TmdlNode): TmdlNode[] => [
  ...(tagged.has(node.kind) && node.name !== '' ? [node] : []),
  ...node.children.flatMap(withTags),
];

const ends = ['fromColumn', 'toColumn'] as const;
const splitEnd = (node: TmdlNode, end: (typeof ends)[number]): [table: string, column: string] => {
  const [table = '', column = ''] = (property(node, end) ?? '').split('.');
  return [table, column];
};

type Rule = (model: Model, files: Files) => string[];

const rules = {
  'a column is one of the view, under its name and of its type': (model) =>
    fromViews(model).flatMap(({ name, view, columns }) => {
      const types = new Map(viewColumns(view));
      return columns.flatMap((column) => {
        const type = types.get(column.name);
        if (type === undefined) return [`${name}.${column.name} is not in the view ${view}`];
        const isSame =
          property(column, 'sourceColumn') === column.name &&
          property(column, 'dataType') === dataTypeOf(type);
        return isSame ? [] : [`${name}.${column.name} is not the view's ${dataTypeOf(type)}`];
      });
    }),

  'every view is in the model, with all of its columns': (model) => [
    ...missing(
      lakeTables,
      fromViews(model).map(({ view }) => view),
    ).map((view) => `no table reads ${view}`),
    ...fromViews(model).flatMap(({ name, view, columns }) =>
      missing(
        viewColumns(view).map(([column]) => column),
        names(columns),
      ).map((one) => `${name} lacks ${one}`),
    ),
  ],

  'a query reads its columns from the view, no others, and decimals exactly': (model) =>
    fromViews(model).flatMap(({ name, view, columns, source }) => {
      const chosen = /Table\.SelectColumns\(\w+, \{([^}]*)\}\)/.exec(source)?.[1] ?? '';
      const exact = [...source.matchAll(/\{"(\w+)", Currency\.Type\}/g)].map(([, column]) => column);
      const decimals = viewColumns(view).filter(([, type]) => type.startsWith('decimal'));
      return [
        ...(chosen ===
        names(columns)
          .map((one) => `"${one}"`)
          .join(', ')
          ? []
          : [`${name} reads ${chosen}`]),
        ...(exact.join() === decimals.map(([column]) => column).join()
          ? []
          : [`${name} has exact ${exact.join()}`]),
        ...(source.includes(`Schema="${viewSchema}"`) ? [] : [`${name} reads another schema`]),
        ...(source.includes('Sql.Database(Server, Database)') ? [] : [`${name} reads no parameter`]),
      ];
    }),

  'a measure calculates with what there is': (model) =>
    model.tables
      .flatMap(({ measures }) => measures)
      .flatMap(({ name, value }) => daxFaults(model, value).map((fault) => `${name} names ${fault}`)),

  'a role sees rows by columns that there are': (model) =>
    model.roles.flatMap((role) =>
      role.children
        .filter(({ kind }) => kind === 'tablePermission')
        .flatMap(({ name, value }) => [
          ...missing(
            [name],
            model.tables.map((table) => table.name),
          ).map((one) => `${role.name}: no table ${one}`),
          ...daxFaults(model, value, name).map((fault) => `${role.name} names ${fault}`),
        ]),
    ),

  'a relationship joins columns that there are, to one that tells rows apart': (model) =>
    model.relationships.flatMap((relationship) => [
      ...ends.flatMap((end) => {
        const [table, column] = splitEnd(relationship, end);
        return hasColumn(model, table, column) ? [] : [`${relationship.name}: no ${table}.${column}`];
      }),
      ...[splitEnd(relationship, 'toColumn')]
        .filter(
          ([table, column]) =>
            !isUnique(
              model.tables.find((one) => one.name === table),
              column,
            ),
        )
        .map(([table, column]) => `${relationship.name}: ${table}.${column} is not unique`),
    ]),

  'a level of a hierarchy is a column': (model) =>
    model.tables.flatMap(({ name, columns, hierarchies }) =>
      hierarchies
        .flatMap(({ children }) => children.filter(({ kind }) => kind === 'level'))
        .flatMap((level) => missing([property(level, 'column') ?? ''], names(columns)))
        .map((column) => `${name} has no ${column}`),
    ),

  'a lineage tag is there and is like no other': (model) => {
    const nodes = [...model.tables.map(({ node }) => node), ...model.parameters].flatMap(withTags);
    const tags = nodes.map((node) => property(node, 'lineageTag') ?? '');
    return nodes
      .filter(
        (_, index) =>
          !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tags[index]!) ||
          tags.indexOf(tags[index]!) !== index,
      )
      .map(({ kind, name }) => `${kind} ${name}`);
  },

  'a measure says what it is and how it is written, a column what it is': (model) => [
    ...model.tables
      .flatMap(({ columns, measures }) => [...columns, ...measures])
      .filter(({ description }) => description === '')
      .map(({ name }) => `${name} has no description`),
    ...model.tables
      .flatMap(({ measures }) => measures)
      .filter((one) => property(one, 'formatString') === undefined)
      .map(({ name }) => `${name} has no format`),
  ],

  'the model names its tables and roles, and no others': ({ root, tables, roles }) => {
    const named = (kind: string) =>
      names(root.filter((one) => one.kind === `ref ${kind}`))
        .sort()
        .join();
    return [
      ...(named('table') ===
      tables
        .map(({ name }) => name)
        .sort()
        .join()
        ? []
        : [`tables: ${named('table')}`]),
      ...(named('role') === names(roles).sort().join() ? [] : [`roles: ${named('role')}`]),
    ];
  },

  'there is one date table, marked by its key, and none that Power BI makes': ({ root, tables }) => {
    const marked = tables.filter(({ node }) => property(node, 'dataCategory') === 'Time');
    const keys = marked.flatMap(({ columns }) =>
      columns.filter(({ children }) => children.some(({ kind }) => kind === 'isKey')),
    );
    const automatic = root.find(
      ({ kind, name }) => kind === 'annotation' && name === '__PBI_TimeIntelligenceEnabled',
    )?.value;
    return [
      ...(names(keys).join() === 'day'
        ? []
        : [`date table: ${marked.map(({ name }) => name).join()}, key ${names(keys).join()}`]),
      ...(automatic === '0' ? [] : ['Power BI makes date tables of its own']),
    ];
  },

  'server and database are parameters': ({ parameters }) =>
    missing(
      ['Server', 'Database'],
      names(parameters.filter(({ value }) => value.includes('IsParameterQuery=true'))),
    ),
} as const satisfies Readonly<Record<string, Rule>>;

export const modelRules: readonly (readonly [rule: string, faults: (files: Files) => string[]])[] =
  Object.entries(rules as Readonly<Record<string, Rule>>).map(([rule, faults]) => [
    rule,
    (files) => faults(readModel(files), files),
  ]);
