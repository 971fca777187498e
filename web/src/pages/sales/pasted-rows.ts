import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import type { Product } from '../../../../client/api-types.ts';
import { csvLine } from '../../ui/csv.ts';
import { plural } from '../../ui/format.ts';
import { fields, labels, type Field } from './product-fields.tsx';

type Row = readonly string[];

/** The cell at which a block was pasted. */
export interface PastePlace {
  readonly products: readonly Product[];
  readonly row: number;
  readonly field: Field;
}

/** What pasted rows can mean, as a file for the import. */
export interface Reading {
  readonly name: string;
  readonly body: string;
  /** What is added to a line of the file to have the row that was pasted. */
  readonly rowOffset: number;
}

/** Spreadsheets copy tabs; files have what their country separates with. */
const separators = ['\t', ';', ','] as const;
const names = ['productId', ...fields, 'isActive', 'etag'];

function split(text: string, delimiter: string): string[][] {
  const options = { delimiter, relax_column_count: true, relax_quotes: true, trim: true };
  try {
    return parse(text, options);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Quotes that quote nothing, as of inches, or of another separator.
    return parse(text, { ...options, quote: false });
  }
}

const nameOf = (cell: string): string | undefined =>
  names.find((name) => name.toLowerCase() === cell.toLowerCase());
const isNamed = (row: Row): boolean => row.some((cell) => nameOf(cell) !== undefined);

/** How many of the rows have as many cells as the last one, which is no heading. */
function regularity(rows: readonly Row[], separator: string): number {
  const width = rows.at(-1)?.length ?? 0;
  // A column or two of decimal commas are no rows of a file.
  const isSplit = separator === ',' ? width >= fields.length || rows.some(isNamed) : true;
  return width > 1 && isSplit ? rows.filter(({ length }) => length === width).length : 0;
}

function readBlock(text: string): readonly Row[] {
  const trimmed = text.replace(/^\ufeff/, '').replace(/[\r\n]+$/, '');
  const blocks = separators.map((separator) => {
    const rows = split(trimmed, separator);
    return { rows, regular: regularity(rows, separator) };
  });
  const [best] = blocks.toSorted((one, other) => other.regular - one.regular);
  return best!.rows;
}

const isHeading = ([first = '']: Row): boolean => /^(#|sep=|$)/i.test(first);

const fileOf = (rows: readonly Row[]): string => rows.map(csvLine).join('\n');

/** The columns of rows that do not name them, by how many there are; the export's order. */
function columnsOf(rows: readonly Row[], width: number): readonly string[] | undefined {
  if (width === 4) return fields;
  if (width === 6) return ['productId', ...fields, 'isActive'];
  if (width !== 5) return undefined;
  return rows.every(([first = '']) => /^\d+$/.test(first))
    ? ['productId', ...fields]
    : [...fields, 'isActive'];
}

/** Rows over those of the table, in the versions that are on the screen; a text says why they do not fit. */
function readOver(
  rows: readonly Row[],
  over: readonly string[],
  { products, row }: PastePlace,
  before: number,
): Reading | string {
  const below = products.slice(row);
  const width = Math.max(...rows.map(({ length }) => length));
  if (width > over.length) {
    return `What was pasted has ${plural(width, 'column', 'columns')}; there is place for ${over.length}, from ${labels[over[0] as Field]} on.`;
  }
  if (rows.length > below.length) {
    return `What was pasted has ${plural(rows.length, 'row', 'rows')}; there are ${below.length} on this page, from ${below[0]!.name} on.`;
  }
  const lines = rows.map((cells, at) => [String(below[at]!.productId), below[at]!.etag, ...cells]);
  return {
    name: 'Over the products from the cell on',
    body: fileOf([['productId', 'etag', ...over.slice(0, width)], ...lines]),
    rowOffset: before - 1,
  };
}

function readNamed(block: readonly Row[], header: number, place: PastePlace | undefined): Reading | string {
  const named = block[header]!.map((cell) => nameOf(cell) ?? cell);
  const isFile = named.includes('productId') || fields.every((field) => named.includes(field));
  const isOver = place !== undefined && named.every((name) => fields.some((field) => field === name));
  if (!isFile && isOver) return readOver(block.slice(header + 1), named, place, header + 1);
  return { name: 'As the first row names them', body: fileOf(block), rowOffset: 0 };
}

/** What was pasted, in each way in which it can be meant, the one that overwrites nothing first; or why in none. */
export function readingsOf(text: string, place?: PastePlace): readonly Reading[] | string {
  const block = readBlock(text);
  const header = block.findIndex((row) => !isHeading(row));
  if (header < 0) return 'There is no row in it.';
  if (isNamed(block[header]!)) {
    const reading = readNamed(block, header, place);
    return typeof reading === 'string' ? reading : [reading];
  }
  const rows = block.slice(header);
  const columns = columnsOf(rows, Math.max(...rows.map(({ length }) => length)));
  const asNew = columns && {
    name: columns[0] === 'productId' ? 'By their product ids' : 'New products',
    body: fileOf([columns, ...rows]),
    rowOffset: header - 1,
  };
  const over = place && readOver(rows, fields.slice(fields.indexOf(place.field)), place, header);
  if (asNew) return typeof over === 'object' ? [asNew, over] : [asNew];
  if (typeof over === 'object') return [over];
  return (
    over ?? 'Four columns are needed: name, manufacturer, cost, weight. Or name the columns in the first row.'
  );
}
