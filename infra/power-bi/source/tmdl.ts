import { createHash } from 'node:crypto';
import { lakeSchema } from '../../../shared/lake/schema.ts';
import type { LakeColumn, LakeType } from '../../../shared/lake/schema-types.ts';
import { tabs } from './lines.ts';
import {
  modelTables,
  refreshTable,
  relationships,
  roles,
  type Hierarchy,
  type Measure,
  type ModelTable,
} from './model.ts';
import { letIn, modelColumns, partitionLines, partitionText } from './partition.ts';

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

/**
 * What tells Power BI that an object is still the same after it was renamed. The same place gives the same tag, so that
 * making the project again, or saving it in Power BI Desktop, changes no line.
 */
function lineageTag(...place: readonly string[]): string {
  const hex = createHash('sha256').update(`darkroom/${place.join('/')}`).digest('hex');
  return `lineageTag: ${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

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
      lineageTag(table.name, 'column', name),
      'summarizeBy: none',
      `sourceColumn: ${name}`,
      '',
      'annotation SummarizationSetBy = User',
      ...(type === 'date' ? ['', 'annotation UnderlyingDateTimeDataType = Date'] : []),
    ]),
    '',
  ];
}

const measureLines = ({ name, dax, format, about }: Measure, table: string): string[] => [
  `/// ${about}`,
  `measure ${quoted(name)} = ${dax}`,
  ...tabs(1, [`formatString: ${format}`, lineageTag(table, 'measure', name)]),
  '',
];

const hierarchyLines = ({ name, levels }: Hierarchy, table: string): string[] => [
  `hierarchy ${quoted(name)}`,
  ...tabs(1, [
    lineageTag(table, 'hierarchy', name),
    '',
    ...levels.flatMap(([level, column]) => [
      `level ${quoted(level)}`,
      ...tabs(1, [lineageTag(table, 'hierarchy', name, level), `column: ${column}`]),
      '',
    ]),
  ]),
];

function tableText(table: ModelTable): string {
  return [
    `/// ${lakeSchema[table.view].grain}`,
    `table ${table.name}`,
    ...tabs(1, [lineageTag(table.name), ...(table.name === 'dim_date' ? ['dataCategory: Time'] : [])]),
    '',
    ...tabs(1, [
      ...table.measures.flatMap((own) => measureLines(own, table.name)),
      ...modelColumns(table).flatMap(([name, column]) => columnLines(table, name, column)),
      ...(table.hierarchies ?? []).flatMap((own) => hierarchyLines(own, table.name)),
      ...partitionLines(table),
    ]),
  ].join('\n');
}

function refreshText(): string {
  const { name, column, about, rows, measures } = refreshTable;
  return [
    '/// One row: when the data was read.',
    `table ${name}`,
    ...tabs(1, [
      lineageTag(name),
      '',
      ...measures.flatMap((own) => measureLines(own, name)),
      `/// ${about}`,
      `column ${column}`,
      ...tabs(1, [
        'dataType: dateTime',
        'isHidden',
        `formatString: ${formats.instant!}`,
        lineageTag(name, 'column', column),
        'summarizeBy: none',
        `sourceColumn: ${column}`,
        '',
        'annotation SummarizationSetBy = User',
      ]),
      '',
      ...partitionText(name, letIn([['Rows', rows]])),
    ]),
  ].join('\n');
}

const parameter = (name: string, value: string, about: string): string =>
  [
    `/// ${about}`,
    `expression ${name} = "${value}" meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]`,
    `\t${lineageTag('expression', name)}`,
    '',
    '\tannotation PBI_ResultType = Text',
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
    // One date table, ours: no hidden one for each column with a date.
    'annotation __PBI_TimeIntelligenceEnabled = 0',
    '',
    ...[...modelTables, refreshTable].map(({ name }) => `ref table ${name}`),
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
    [`tables/${refreshTable.name}.tmdl`, refreshText()],
    ...roles.map((role) => [`roles/${role.name}.tmdl`, roleText(role)] as const),
  ]);
