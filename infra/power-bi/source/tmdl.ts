import { lakeSchema } from '../../../shared/warehouse/schema.ts';
import type { LakeColumn, LakeTable, LakeType } from '../../../shared/warehouse/schema-types.ts';
import { viewSchema } from '../../../shared/warehouse/views/view.ts';
import { modelTables, relationships, roles, type Hierarchy, type Measure, type ModelTable } from './model.ts';

const dataType = (type: LakeType): string => {
  if (type.startsWith('text')) return 'string';
  if (type.startsWith('decimal')) return 'decimal';
  if (type === 'int' || type === 'bigint') return 'int64';
  return type === 'boolean' ? 'boolean' : 'dateTime';
};

const formats: Partial<Record<LakeType, string>> = {
  date: 'yyyy-mm-dd',
  instant: 'yyyy-mm-dd hh:nn:ss',
};

/** TMDL quotes a name that holds anything but letters, digits and underscores. */
const quoted = (name: string): string =>
  /^\w+$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`;

const tabs = (depth: number, lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : '\t'.repeat(depth) + line));

function columnLines(table: ModelTable, name: string, { type, is, about }: LakeColumn): string[] {
  const isKey = table.name === 'dim_date' && name === 'day';
  const hidden = is === 'pseudonym' || /_(id|key)$/.test(name);
  const format = formats[type];
  return [
    `/// ${about}`,
    `column ${name}`,
    ...tabs(1, [
      `dataType: ${dataType(type)}`,
      ...(isKey ? ['isKey'] : []),
      ...(hidden ? ['isHidden'] : []),
      ...(format === undefined ? [] : [`formatString: ${format}`]),
      'summarizeBy: none',
      `sourceColumn: ${name}`,
    ]),
    '',
  ];
}

const measureLines = ({ name, dax, format, about }: Measure): string[] => [
  `/// ${about}`,
  `measure ${quoted(name)} = ${dax}`,
  ...tabs(1, [`formatString: ${format}`]),
  '',
];

const hierarchyLines = ({ name, levels }: Hierarchy): string[] => [
  `hierarchy ${quoted(name)}`,
  '',
  ...levels.flatMap(([level, column]) => tabs(1, [`level ${quoted(level)}`, `\tcolumn: ${column}`, ''])),
];

const partitionLines = ({ name, view, where }: ModelTable): string[] => [
  `partition ${name} = m`,
  ...tabs(1, [
    'mode: import',
    'source =',
    ...tabs(2, [
      'let',
      '\tSource = Sql.Database(Server, Database),',
      `\tData = Source{[Schema="${viewSchema}", Item="${view}"]}[Data]${where === undefined ? '' : ','}`,
      ...(where === undefined ? [] : [`\tRows = ${where}`]),
      'in',
      where === undefined ? '\tData' : '\tRows',
    ]),
  ]),
  '',
];

/** Columns of the export itself are of no use in a report. */
export const modelColumns = ({ view }: ModelTable): [string, LakeColumn][] =>
  Object.entries((lakeSchema[view] as LakeTable).columns).filter(([, { is }]) => is !== 'technical');

function tableText(table: ModelTable): string {
  return [
    `/// ${lakeSchema[table.view].grain}`,
    `table ${table.name}`,
    ...(table.name === 'dim_date' ? ['\tdataCategory: Time'] : []),
    '',
    ...tabs(1, [
      ...table.measures.flatMap(measureLines),
      ...modelColumns(table).flatMap(([name, column]) => columnLines(table, name, column)),
      ...(table.hierarchies ?? []).flatMap(hierarchyLines),
      ...partitionLines(table),
    ]),
  ].join('\n');
}

const parameter = (name: string, value: string, about: string): string =>
  [
    `/// ${about}`,
    `expression ${name} = "${value}" meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]`,
    '',
  ].join('\n');

const modelText = (): string =>
  [
    'model Model',
    ...tabs(1, [
      'culture: en-GB',
      'defaultPowerBIDataSourceVersion: powerBI_V3',
      'discourageImplicitMeasures',
      'sourceQueryCulture: en-GB',
    ]),
    '',
    ...modelTables.map(({ name }) => `ref table ${name}`),
    '',
    ...roles.map(({ name }) => `ref role ${quoted(name)}`),
    '',
  ].join('\n');

const relationshipsText = (): string =>
  relationships
    .map(([from, to]) => {
      const name = `${from}-${to}`.replaceAll('.', '_');
      return [`relationship ${quoted(name)}`, `\tfromColumn: ${from}`, `\ttoColumn: ${to}`, ''].join('\n');
    })
    .join('\n');

const roleText = ({ name, about, sees }: (typeof roles)[number]): string =>
  [
    `/// ${about}`,
    `role ${quoted(name)}`,
    '\tmodelPermission: read',
    '',
    ...sees.flatMap(([table, dax]) => [`\ttablePermission ${table} = ${dax}`, '']),
  ].join('\n');

/** The files of the semantic model, beneath its `definition` folder. */
export const tmdlFiles = (): Map<string, string> =>
  new Map([
    ['database.tmdl', 'database\n\tcompatibilityLevel: 1601\n'],
    ['model.tmdl', modelText()],
    [
      'expressions.tmdl',
      [
        parameter(
          'Server',
          'WORKSPACE-ondemand.sql.azuresynapse.net',
          'Serverless endpoint of the Synapse workspace: `sls deploy` prints it.',
        ),
        parameter('Database', 'darkroom', 'The database of the views.'),
      ].join('\n'),
    ],
    ['relationships.tmdl', relationshipsText()],
    ...modelTables.map((table) => [`tables/${table.name}.tmdl`, tableText(table)] as const),
    ...roles.map((role) => [`roles/${role.name}.tmdl`, roleText(role)] as const),
  ]);
