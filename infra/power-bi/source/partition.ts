import { lakeSchema } from '../../../shared/lake/schema.ts';
import type { LakeColumn, LakeTable } from '../../../shared/lake/schema-types.ts';
import { viewSchema } from '../../../shared/lake/views/view.ts';
import { tabs } from './lines.ts';
import type { ModelTable } from './model.ts';

/** Columns of the export itself are of no use in a report. */
export const modelColumns = ({ view }: ModelTable): [string, LakeColumn][] =>
  Object.entries((lakeSchema[view] as LakeTable).columns).filter(([, { is }]) => is !== 'technical');

export const partitionText = (name: string, source: readonly string[]): string[] => [
  `partition ${name} = m`,
  ...tabs(1, ['mode: import', 'source =', ...tabs(2, source)]),
  '',
];

/** `let` in M: each step has a name and works on the one before. */
export function letIn(steps: readonly (readonly [name: string, m: string])[]): string[] {
  const last = steps.length - 1;
  const lines = steps.map(([name, m], index) => `\t${name} = ${m}${index < last ? ',' : ''}`);
  return ['let', ...lines, 'in', `\t${steps[last]![0]}`];
}

/**
 * Only the columns of the model, so that Synapse reads no others; decimals as M's fixed decimal number, which has 19
 * digits and four places, where M would make floats of them. All of it is folded into one query.
 */
export function partitionLines(table: ModelTable): string[] {
  const { name, view, where } = table;
  const columns = modelColumns(table);
  const decimals = columns.filter(([, { type }]) => type.startsWith('decimal'));
  const chosen = columns.map(([column]) => `"${column}"`).join(', ');
  const types = decimals.map(([column]) => `{"${column}", Currency.Type}`).join(', ');
  const last = where === undefined ? 'Data' : 'Rows';
  return partitionText(
    name,
    letIn([
      ['Source', 'Sql.Database(Server, Database)'],
      ['Data', `Source{[Schema="${viewSchema}", Item="${view}"]}[Data]`],
      ...(where === undefined ? [] : [['Rows', `Table.SelectRows(Data, each ${where})`] as const]),
      ['Columns', `Table.SelectColumns(${last}, {${chosen}})`],
      ...(types === '' ? [] : [['Typed', `Table.TransformColumnTypes(Columns, {${types}})`] as const]),
    ]),
  );
}
