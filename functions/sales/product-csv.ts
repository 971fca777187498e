import { parse, CsvError } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { DarkroomError } from '../../shared/platform/errors.ts';
import {
  asSpreadsheetText,
  fromSpreadsheetText,
  hasControlCharacters,
} from '../../shared/orders/spreadsheet-text.ts';
import { decimalMarkOf, readIsActive, readNumber, type DecimalMark } from './import-cells.ts';
import { productView, type ProductRow } from './view.ts';

/** What one file may have. */
export const importLimits = { rows: 20_000, bytes: 5 * 1024 * 1024 } as const;

const needed = ['name', 'manufacturer', 'cost', 'weight'] as const;
/** What the export has. */
const exported = ['productId', ...needed, 'isActive'] as const;
const columns = [...exported, 'etag'] as const;
type Column = (typeof columns)[number];

export interface ImportRow {
  /** Line of the file, from 1; where it begins. */
  readonly line: number;
  readonly productId?: string;
  /** Without these columns a product stays as it is. */
  readonly name?: string;
  readonly manufacturer?: string;
  readonly cost?: string;
  readonly weight?: string;
  /** Stays as it is without one; a new product is on sale. */
  readonly isActive?: boolean;
  /** The version that was read: the row is refused where the product has another. */
  readonly rowVersion?: number;
}

export interface ImportIssue {
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string | null;
}

interface Cells {
  readonly line: number;
  /** Those of the columns that the file has. */
  readonly cells: Readonly<Partial<Record<Column, string>>>;
}

export interface ProductFile {
  readonly rows: readonly ImportRow[];
  /** Of rows that nobody can read; these are not among `rows`. */
  readonly issues: readonly ImportIssue[];
}

/** A product file; throws `invalid-value` where it is no CSV with our columns. `mark` settles what can be two numbers. */
export function readProductCsv(text: string, mark?: DecimalMark): ProductFile {
  const all = parseCsv(text);
  if (all.length > importLimits.rows) {
    throw new DarkroomError(
      'too-large',
      `One file may have ${importLimits.rows} rows; this one has ${all.length}.`,
    );
  }
  const meant = mark ?? decimalMarkOf(all.map(({ cells }) => cells));
  const read = all.map((one) => readRow(one, meant));
  return {
    rows: read.flatMap(({ row, issues }) => (issues.length === 0 ? [row] : [])),
    issues: read.flatMap(({ issues }) => issues),
  };
}

function readRow({ line, cells }: Cells, mark: DecimalMark | undefined) {
  const issues: ImportIssue[] = [];
  const refuse = (column: Column, reason: string) =>
    issues.push({ row: line, column, value: cells[column] ?? null, reason });
  for (const column of ['name', 'manufacturer'] as const) {
    if (hasControlCharacters(cells[column] ?? '')) {
      refuse(column, 'It has control characters, such as tabs or line breaks.');
    }
  }
  const numbers: Partial<Record<'cost' | 'weight', string>> = {};
  for (const column of ['cost', 'weight'] as const) {
    const text = cells[column];
    if (text === undefined) continue;
    const read = readNumber(text, column, mark);
    if (typeof read === 'string') numbers[column] = read;
    else
      refuse(
        column,
        `It can be ${read.ambiguous.join(' or ')}: say whether decimals have a point or a comma.`,
      );
  }
  const isActive = readIsActive(cells.isActive ?? '');
  if (isActive === undefined) refuse('isActive', 'It is neither true nor false.');
  const rowVersion = /^"?(\d{1,9})"?$/.exec(cells.etag ?? '')?.[1];
  if (rowVersion === undefined && (cells.etag ?? '') !== '') refuse('etag', 'It is no etag of a product.');
  const row: ImportRow = {
    ...{ line, ...numbers },
    ...(cells.name !== undefined && { name: cells.name }),
    ...(cells.manufacturer !== undefined && { manufacturer: cells.manufacturer }),
    ...((cells.productId ?? '') !== '' && { productId: cells.productId }),
    ...(typeof isActive === 'boolean' && { isActive }),
    ...(rowVersion !== undefined && { rowVersion: Number(rowVersion) }),
  };
  return { row, issues };
}

/** What stands before the names of the columns: our own heading, also as a spreadsheet saves it, and Excel's `sep=;`. */
const isHeading = (line: string): boolean => /^\s*"?(#|sep=|$)/i.test(line);

/** Spreadsheets write the list separator of their country. */
const separatorOf = (header: string): string =>
  [',', ';', '\t'].toSorted((one, other) => header.split(other).length - header.split(one).length)[0]!;

/** The names of columns, ours in any case of letters. */
function columnsOf(names: readonly string[]): string[] {
  const found = names.map(
    (name) => columns.find((column) => column.toLowerCase() === name.trim().toLowerCase()) ?? name,
  );
  const twice = columns.find((column) => found.filter((name) => name === column).length > 1);
  if (twice !== undefined) {
    throw new DarkroomError(
      'invalid-value',
      `The column ${twice} is there twice: nobody can tell which one is meant.`,
    );
  }
  const missing = needed.filter((column) => !found.includes(column));
  if (missing.length === 0 || found.includes('productId')) return found;
  throw new DarkroomError(
    'invalid-value',
    `The first line must name the columns ${exported.join(', ')}; ${missing.join(', ')} is missing.`,
  );
}

interface Parsed {
  readonly record: Readonly<Partial<Record<string, string>>>;
  readonly info: { readonly lines: number };
}

function parseCsv(text: string): Cells[] {
  const lines = text.split(/\r\n|\n|\r/, 100);
  const header = lines.findIndex((line) => !isHeading(line));
  if (header < 0) return [];
  try {
    const parsed = parse(text, {
      columns: columnsOf,
      delimiter: separatorOf(lines[header]!),
      from_line: header + 1,
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as Parsed[];
    return parsed.map(({ record, info }) => {
      const cells = Object.fromEntries(
        columns.flatMap((column) => {
          const cell = record[column];
          return cell === undefined ? [] : [[column, fromSpreadsheetText(cell)]];
        }),
      );
      const breaks =
        Object.values(record)
          .join('')
          .split(/\r\n|\n|\r/).length - 1;
      return { line: info.lines - breaks, cells };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DarkroomError('invalid-value', `The file is not well-formed CSV: ${error.message}.`, {
      cause: error,
    });
  }
}

/** The product list as the import takes it back; the first line says whose it is, of when, and how much. */
export function writeProductCsv(rows: readonly ProductRow[], asOf: Date): string {
  const heading = `# role: sales; as of: ${asOf.toISOString()}; rows: ${rows.length} of ${rows.length}\n`;
  const body = stringify(rows.map(productView), {
    header: true,
    columns: [...exported],
    cast: { boolean: String, string: asSpreadsheetText },
  });
  return heading + body;
}
