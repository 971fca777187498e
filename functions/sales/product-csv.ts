import { parse, CsvError } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { DarkroomError } from '../../shared/platform/errors.ts';
import {
  asSpreadsheetText,
  fromSpreadsheetText,
  hasControlCharacters,
} from '../../shared/orders/spreadsheet-text.ts';
import { productView, type ProductRow } from './view.ts';

/** What one file may have. */
export const importLimits = { rows: 20_000, bytes: 5 * 1024 * 1024 } as const;

const columns = ['productId', 'name', 'manufacturer', 'cost', 'weight'] as const;
const needed = ['name', 'manufacturer', 'cost', 'weight'] as const;

export interface ImportRow {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly productId?: string;
  readonly name: string;
  readonly manufacturer: string;
  readonly cost: string;
  readonly weight: string;
}

export interface ImportIssue {
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string | null;
}

/** The rows of a product file; throws `invalid-value` where it is no CSV with our columns. */
export function readProductCsv(text: string): ImportRow[] {
  const records = parseCsv(text);
  const missing = needed.filter((column) => records.length > 0 && !(column in records[0]!.record));
  if (missing.length > 0) {
    throw new DarkroomError(
      'invalid-value',
      `The first line must name the columns ${columns.join(', ')}; ${missing.join(', ')} is missing.`,
    );
  }
  if (records.length > importLimits.rows) {
    throw new DarkroomError(
      'too-large',
      `One file may have ${importLimits.rows} rows; this one has ${records.length}.`,
    );
  }
  return records.map(({ record, info }) => {
    const cell = (column: (typeof columns)[number]): string => fromSpreadsheetText(record[column] ?? '');
    const productId = cell('productId');
    return {
      ...{ line: info.lines, name: cell('name'), manufacturer: cell('manufacturer') },
      ...{ cost: cell('cost'), weight: cell('weight') },
      ...(productId === '' ? {} : { productId }),
    };
  });
}

/** What the database would take and nobody can read: names with control characters in them. */
export const unreadableNames = ({ line, ...row }: ImportRow): ImportIssue[] =>
  (['name', 'manufacturer'] as const)
    .filter((column) => hasControlCharacters(row[column]))
    .map((column) => ({
      row: line,
      column,
      value: row[column],
      reason: 'It has control characters, such as tabs or line breaks.',
    }));

type Parsed = { record: Partial<Record<string, string>>; info: { lines: number } }[];

function parseCsv(text: string): Parsed {
  try {
    return parse(text, {
      bom: true,
      columns: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Parsed;
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
    columns: [...columns, 'isActive'],
    cast: { boolean: String, string: asSpreadsheetText },
  });
  return heading + body;
}
