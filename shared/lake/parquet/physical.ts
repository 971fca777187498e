import type { SchemaElement } from 'hyparquet';
import type { LakeColumn, LakeTable, LakeType } from '../schema-types.ts';

/**
 * A value as Parquet stores it: text as it is, int and date (days since 1970) as number, bigint, instant (milliseconds
 * since 1970) and decimal (in units of its last place) as bigint. Nothing passes through a float.
 */
export type Physical = string | number | bigint | boolean | null;

interface Kind {
  readonly element: Omit<SchemaElement, 'name'>;
  /** From what the database port answers. */
  of(value: unknown): Physical;
  /** From what the reader answers when told the physical type only. */
  stored(value: unknown): Physical;
  /** Makes what the writer takes when told the physical type only, where that is another thing. */
  readonly storing?: () => (value: Physical) => Physical | Uint8Array;
}

const asIs = (value: unknown): Physical => value as Physical;
const dayMs = 86_400_000;

/** An int64 holds 18 digits; a longer decimal is big-endian two's complement in as few bytes as hold its digits. */
const decimalBytes = (precision: number): number | undefined =>
  precision <= 18 ? undefined : Math.ceil((precision * Math.log2(10) + 1) / 8);

/** Digits that a float holds exactly, and that are faster as such. */
const floatDigits = 15;

export function unscaled(text: string, scale: number): bigint {
  const point = text.indexOf('.');
  const places = point < 0 ? 0 : text.length - point - 1;
  if (places > scale) throw new RangeError(`${text} has more than ${scale} places.`);
  const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
  const units = digits.length <= floatDigits ? BigInt(Number(digits)) : BigInt(digits);
  return places === scale ? units : units * 10n ** BigInt(scale - places);
}

function toBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at--, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return bytes;
}

/** Amounts come again and again: each is converted once. */
function byteConverter(length: number): (value: Physical) => Physical | Uint8Array {
  const known = new Map<Physical, Uint8Array>();
  return (value) => {
    if (typeof value !== 'bigint') return value;
    let bytes = known.get(value);
    if (bytes === undefined) known.set(value, (bytes = toBytes(value, length)));
    return bytes;
  };
}

function fromBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

function decimal(precision: number, scale: number): Kind {
  const length = decimalBytes(precision);
  const limit = 10n ** BigInt(precision);
  return {
    element: {
      ...(length === undefined ? { type: 'INT64' } : { type: 'FIXED_LEN_BYTE_ARRAY', type_length: length }),
      converted_type: 'DECIMAL',
      logical_type: { type: 'DECIMAL', precision, scale },
      precision,
      scale,
    },
    of(value) {
      const units = unscaled(value as string, scale);
      if (units >= limit || units <= -limit)
        throw new RangeError(`A decimal has more than ${precision} digits.`);
      return units;
    },
    stored: (value) => (value instanceof Uint8Array ? fromBytes(value) : asIs(value)),
    ...(length !== undefined && { storing: () => byteConverter(length) }),
  };
}

let lastDate = { text: '1970-01-01', days: 0 };
/** Rows of a day follow each other. */
function daysSince1970(date: string): number {
  if (lastDate.text !== date) lastDate = { text: date, days: Date.parse(`${date}T00:00:00Z`) / dayMs };
  return lastDate.days;
}

const text: Kind = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  of: asIs,
  stored: asIs,
};

const kinds: Readonly<Record<string, Kind>> = {
  int: { element: { type: 'INT32' }, of: asIs, stored: asIs },
  bigint: { element: { type: 'INT64' }, of: (value) => BigInt(value as number), stored: asIs },
  boolean: { element: { type: 'BOOLEAN' }, of: asIs, stored: asIs },
  date: {
    element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
    of: (value) => daysSince1970(value as string),
    stored: asIs,
  },
  instant: {
    element: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    },
    of: (value) => BigInt((value as Date).getTime()),
    stored: asIs,
  },
  text,
  text_ascii: text,
};

export function kindOf(type: LakeType): Kind {
  const [, name, first, second] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?$/.exec(type) ?? [];
  if (name === 'decimal') return decimal(Number(first), Number(second));
  const kind = kinds[name ?? ''];
  if (kind === undefined) throw new Error(`There is no type ${type}.`);
  return kind;
}

export const columnElement = (name: string, { type, nullable }: LakeColumn): SchemaElement => ({
  name,
  ...kindOf(type).element,
  repetition_type: nullable === true ? 'OPTIONAL' : 'REQUIRED',
});

/** Turns a row of the database port into physical values, in the order of the table's columns. */
export function rowConverter({ columns }: LakeTable): (row: Readonly<Record<string, unknown>>) => Physical[] {
  const names = Object.keys(columns);
  const kindsOfColumns = Object.values(columns).map(({ type }) => kindOf(type));
  return (row) => {
    const converted = new Array<Physical>(names.length);
    for (let column = 0; column < names.length; column++) {
      const value = row[names[column]!];
      converted[column] = value === null || value === undefined ? null : kindsOfColumns[column]!.of(value);
    }
    return converted;
  };
}

/**
 * The same element, described by its physical type only: reader and writer then leave decimals and times as the exact integers
 * that they are stored as, where they would make floats and dates of them, and check and convert each value.
 */
export function undressed(element: SchemaElement): SchemaElement {
  if (element.converted_type === 'UTF8') return element;
  const physical = { ...element };
  delete physical.converted_type;
  delete physical.logical_type;
  return physical;
}
