import type { ComponentChildren } from 'preact';
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
  readonly value: (row: T) => string | number;
  /** As it is read; `value` where it is left out. */
  readonly shown?: (row: T) => ComponentChildren;
  readonly number?: boolean;
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
  readonly fileName: string;
}

function download<T>({ columns, rows, origin, fileName }: FiguresProps<T>): void {
  const table = {
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => columns.map(({ value }) => value(row))),
  };
  saveFile(new Blob([toCsv(table, origin)], { type: 'text/csv;charset=utf-8' }), fileName);
  toast(
    `${fileName}: ${formatCount(rows.length)} of ${plural(rows.length, 'row', 'rows')}, as of ${origin.asOf}.`,
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
            ? `${formatCount(shown.length)} of ${formatCount(rows.length)} rows shown; the CSV has all of them`
            : plural(rows.length, 'row', 'rows')}
        </span>
        <button class="button" onClick={() => download(props)}>
          <DownloadIcon /> CSV
        </button>
      </div>
      <ScrollArea class="short" label={caption}>
        <table>
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ name, number }) => (
                <th key={name} scope="col" class={number ? 'number' : ''}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ name, number, whole, value, shown: show }, index) => {
                  const content = show ? show(row) : value(row);
                  return index === 0 ? (
                    <th key={name} scope="row" class={whole ? 'nowrap' : ''}>
                      {content}
                    </th>
                  ) : (
                    <td key={name} class={number ? 'number' : ''}>
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
                    <td key={index} class={columns[index]?.number ? 'number' : ''}>
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
