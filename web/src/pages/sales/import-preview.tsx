import type { ComponentChildren } from 'preact';
import type { ProductImport } from '../../../../client/api-types.ts';
import { formatCount, formatMoney, formatWeight, plural } from '../../ui/format.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';

/** Rows of a table that are shown; the rest is counted. */
const shown = 200;

interface ListProps<T> {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly T[];
  readonly cells: (row: T) => readonly ComponentChildren[];
}

function List<T extends { readonly row: number }>({ label, columns, rows, cells }: ListProps<T>) {
  if (rows.length === 0) return null;
  return (
    <>
      {rows.length > shown && (
        <p class="dim">
          {label}: the first {shown} of {formatCount(rows.length)} are listed.
        </p>
      )}
      <ScrollArea class="short" label={label}>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col" class="number">
                Row
              </th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, index) => (
              <tr key={index}>
                <td class="number" data-label="Row">
                  {row.row}
                </td>
                {cells(row).map((cell, column) => (
                  <td key={column} data-label={columns[column]}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </>
  );
}

/** What is there now is struck out where the file has something else. */
const Changed = ({ from, to }: { from: string | undefined; to: string }) => (
  <span>
    {from !== undefined && from !== to && (
      <>
        <del>
          <bdi>{from}</bdi>
        </del>{' '}
      </>
    )}
    <bdi>{to}</bdi>
  </span>
);

type Change = ProductImport['changes'][number];

function changeCells({ outcome, was, isActive, name, manufacturer, cost, weight }: Change) {
  const active = isActive ?? was?.isActive ?? true;
  const sale = (isOnSale: boolean) => (isOnSale ? 'On sale' : 'Retired');
  return [
    outcome === 'added' ? 'Add' : 'Change',
    <Changed from={was?.name} to={name} />,
    <Changed from={was?.manufacturer} to={manufacturer} />,
    <Changed from={was ? formatMoney(was.cost) : undefined} to={formatMoney(cost)} />,
    <Changed from={was ? formatWeight(was.weight) : undefined} to={formatWeight(weight)} />,
    <Changed from={was ? sale(was.isActive) : undefined} to={sale(active)} />,
  ];
}

/** What a product file or pasted rows would do, by their rows. */
export function ImportPreview({ preview }: { preview: ProductImport }) {
  const { rows, added, changed, unchanged, changes, issues } = preview;
  return (
    <>
      <p>
        {plural(rows, 'row', 'rows')}: {formatCount(added)} to add, {formatCount(changed)} to change,{' '}
        {formatCount(unchanged)} unchanged, {plural(issues.length, 'value', 'values')} not valid.
      </p>
      {issues.length > 0 && (
        <p class="field-error">
          Nothing is imported while a value is not valid. Correct it, and choose or paste it again.
        </p>
      )}
      <List
        label="Values that are not valid"
        columns={['Column', 'Value', 'Why']}
        rows={issues}
        cells={({ column, value, reason }) => [column, <bdi class="mono">{value}</bdi>, reason]}
      />
      <List
        label="What is added and changed"
        columns={['What', 'Name', 'Manufacturer', 'Cost', 'Weight', 'Sale']}
        rows={changes}
        cells={changeCells}
      />
    </>
  );
}
