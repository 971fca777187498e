import type { ComponentChildren } from 'preact';
import type { LakeType } from '../../../../client/parquet.ts';
import { toast } from '../../ui/announce.tsx';
import { toCsv, type CsvOrigin } from '../../ui/csv.ts';
import { formatCount, plural } from '../../ui/format.ts';
import { DownloadIcon } from '../../ui/icons.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScrollArea } from '../../ui/scroll-area.tsx';

/** Rows that are put into the page; the download has them all. */
const shownRows = 400;

export interface FigureColumn<T> {
  readonly name: string;
  /** As the API gave it: this goes into the file. */
  readonly value: (row: T) => string | number | null;
  /** What the value is in a Parquet file; numbers stand to the right. */
  readonly type: LakeType;
  /** As it is read; `value` where it is left out. */
  readonly shown?: (row: T) => ComponentChildren;
  /** Is not broken into lines. */
  readonly whole?: boolean;
}

interface FiguresProps<T> {
  readonly caption: string;
  readonly columns: readonly FigureColumn<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly footer?: readonly ComponentChildren[];
  readonly origin: CsvOrigin;
  /** Without its ending. */
  readonly fileName: string;
}

const isNumber = ({ type }: { type: LakeType }): boolean => /^(int|bigint|decimal)/.test(type);

/** Exactly what is shown, with every row of it. */
async function download<T>({ columns, rows, origin, fileName }: FiguresProps<T>, as: 'csv' | 'parquet') {
  const values = rows.map((row) => columns.map(({ value }) => value(row)));
  const name = `${fileName}.${as}`;
  if (as === 'parquet') {
    const { toParquet } = await import('../../../../client/parquet.ts');
    saveFile(await toParquet(columns, values), name);
  } else {
    const table = { columns: columns.map((column) => column.name), rows: values };
    saveFile(new Blob([toCsv(table, origin)], { type: 'text/csv;charset=utf-8' }), name);
  }
  toast(
    `${name}: ${formatCount(rows.length)} of ${plural(rows.length, 'row', 'rows')}, as of ${origin.asOf}.`,
  );
}

/** The figures of a chart as a table, to the digit, and as a file. */
export function FiguresTable<T>(props: FiguresProps<T>) {
  const { caption, columns, rows, keyOf, footer } = props;
  const shown = rows.slice(0, shownRows);
  return (
    <div class="figures">
      <div class="figures-head">
        <span class="dim">
          {shown.length < rows.length
            ? `${formatCount(shown.length)} of ${formatCount(rows.length)} rows shown; the files have all of them`
            : plural(rows.length, 'row', 'rows')}
        </span>
        <span class="toolbar">
          <button class="button" onClick={() => void download(props, 'csv')}>
            <DownloadIcon /> CSV
          </button>
          <button class="button" onClick={() => void download(props, 'parquet')}>
            <DownloadIcon /> Parquet
          </button>
        </span>
      </div>
      <ScrollArea class="short" label={caption}>
        <table>
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" class={isNumber(column) ? 'number' : ''}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((column, index) => {
                  const { name, whole, value, shown: show } = column;
                  const content = show ? show(row) : value(row);
                  return index === 0 ? (
                    <th key={name} scope="row" class={whole ? 'nowrap' : ''}>
                      {whole ? content : <bdi>{content}</bdi>}
                    </th>
                  ) : (
                    <td key={name} class={isNumber(column) ? 'number' : ''}>
                      {content}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          {footer && (
            <tfoot>
              <tr>
                {footer.map((content, index) =>
                  index === 0 ? (
                    <th key={index} scope="row">
                      {content}
                    </th>
                  ) : (
                    <td key={index} class={columns[index] && isNumber(columns[index]) ? 'number' : ''}>
                      {content}
                    </td>
                  ),
                )}
              </tr>
            </tfoot>
          )}
        </table>
      </ScrollArea>
    </div>
  );
}
