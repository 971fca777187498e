import { asSpreadsheetText } from '../../../client/spreadsheet-text.ts';

/** RFC 4180, and no cell that a spreadsheet would take for a formula. */
const cell = (value: string | number | null): string => {
  if (value === null) return '';
  const text = String(value);
  const isNumber = typeof value === 'number' || /^-[\d.]+$/.test(text);
  const safe = isNumber ? text : asSpreadsheetText(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvLine = (cells: readonly (string | number | null)[]): string => cells.map(cell).join(',');

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** How many rows there are in all, where the file does not hold every one. */
  readonly total?: number;
}

export interface CsvOrigin {
  readonly role: string;
  /** When the service read the figures, ISO 8601. */
  readonly asOf: string;
  readonly about: string;
}

/** A table as CSV, whose first line says whose it is, of when, and whether it is all of it. */
export function toCsv(
  { columns, rows, total = rows.length }: CsvTable,
  { role, asOf, about }: CsvOrigin,
): string {
  const heading = `# ${about}; role: ${role}; as of: ${asOf}; rows: ${rows.length} of ${total}`;
  return `${[heading, csvLine(columns), ...rows.map(csvLine)].join('\r\n')}\r\n`;
}
