import { styleText } from 'node:util';

type Cell = string | number | null | undefined;

/** Prints rows under headings, columns as wide as they need to be; numbers to the right. */
export function printTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const text = rows.map((row) => headings.map((_, column) => String(row[column] ?? '')));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...text.map((row) => row[column]!.length)),
  );
  const isNumber = headings.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  console.log(styleText('bold', line(headings)));
  for (const row of text) console.log(line(row));
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const unit = bytes < 1024 ** 2 ? 'KB' : 'MB';
  return `${(bytes / (unit === 'KB' ? 1024 : 1024 ** 2)).toFixed(1)} ${unit}`;
}
