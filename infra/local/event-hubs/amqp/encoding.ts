/** The few AMQP 1.0 types that are written and walked here without building objects (OASIS AMQP 1.0, part 1). */

/** Section descriptors of an AMQP message (part 3, section 3.2). */
export const section = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

export interface Section {
  readonly code: number;
  /** Where the section, its value and the next section begin. */
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

/** Position after the value whose constructor is at `at`; throws a RangeError when it does not end inside. */
export function skipValue(bytes: Buffer, at: number): number {
  const constructor = bytes.readUInt8(at);
  if (constructor === 0x00) return skipValue(bytes, skipValue(bytes, at + 1));
  const end = at + 1 + widthOf(bytes, constructor, at + 1);
  if (end > bytes.length) throw new RangeError('An AMQP value ends after its message.');
  return end;
}

const fixedWidths: Readonly<Record<number, number>> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };

function widthOf(bytes: Buffer, constructor: number, at: number): number {
  const category = constructor >>> 4;
  const fixed = fixedWidths[category];
  if (fixed !== undefined) return fixed;
  if (category < 0xa) throw new RangeError('An AMQP constructor is not known.');
  const isWide = (category & 1) === 1;
  return isWide ? 4 + bytes.readUInt32BE(at) : 1 + bytes.readUInt8(at);
}

/** The sections of an encoded message, in order. */
export function* sectionsOf(bytes: Buffer): Generator<Section> {
  let start = 0;
  while (start < bytes.length) {
    const value = bytes.readUInt8(start) === 0x00 ? skipValue(bytes, start + 1) : 0;
    const isSmall = bytes.readUInt8(start + 1) === 0x53 || bytes.readUInt8(start + 1) === 0x80;
    if (value === 0 || !isSmall) throw new RangeError('An AMQP section has no numeric descriptor.');
    const end = skipValue(bytes, value);
    yield { code: bytes.readUInt8(value - 1), start, value, end };
    start = end;
  }
}

/** Content of the binary, string or symbol at `at`. */
export function contentOf(bytes: Buffer, at: number): Buffer {
  const isWide = ((bytes.readUInt8(at) >>> 4) & 1) === 1;
  return bytes.subarray(at + (isWide ? 5 : 2), skipValue(bytes, at));
}

/** The signed integer at `at`, of any width; undefined for what is none. */
export function integerOf(bytes: Buffer, at: number): number | undefined {
  switch (bytes.readUInt8(at)) {
    case 0x54:
    case 0x55:
      return bytes.readInt8(at + 1);
    case 0x61:
      return bytes.readInt16BE(at + 1);
    case 0x71:
      return bytes.readInt32BE(at + 1);
    case 0x81:
      return Number(bytes.readBigInt64BE(at + 1));
    default:
      return undefined;
  }
}

/** Positions of the elements of the list or map at `at`. */
export function elementsOf(bytes: Buffer, at: number): number[] {
  const constructor = bytes.readUInt8(at);
  if (constructor === 0x45) return [];
  const isWide = ((constructor >>> 4) & 1) === 1;
  const count = isWide ? bytes.readUInt32BE(at + 5) : bytes.readUInt8(at + 2);
  const positions: number[] = [];
  let position = at + (isWide ? 9 : 3);
  for (let index = 0; index < count; index++) {
    positions.push(position);
    position = skipValue(bytes, position);
  }
  return positions;
}

const variable = (small: number, wide: number) => {
  return (content: Buffer): Buffer => {
    const isWide = content.length > 255;
    const head = Buffer.allocUnsafe(isWide ? 5 : 2);
    head.writeUInt8(isWide ? wide : small, 0);
    if (isWide) head.writeUInt32BE(content.length, 1);
    else head.writeUInt8(content.length, 1);
    return Buffer.concat([head, content]);
  };
};

export const binary = variable(0xa0, 0xb0);
const encodeString = variable(0xa1, 0xb1);
const encodeSymbol = variable(0xa3, 0xb3);
export const string = (text: string): Buffer => encodeString(Buffer.from(text));
export const symbol = (text: string): Buffer => encodeSymbol(Buffer.from(text));
export const nothing = Buffer.from([0x40]);

const eightBytes = (constructor: number) => {
  return (value: number): Buffer => {
    const bytes = Buffer.allocUnsafe(9);
    bytes.writeUInt8(constructor, 0);
    bytes.writeBigInt64BE(BigInt(value), 1);
    return bytes;
  };
};

export const long = eightBytes(0x81);
export const timestamp = eightBytes(0x83);

/** A section that holds a map of the given keys and values, all encoded. */
export function mapSection(code: number, entries: readonly Buffer[]): Buffer {
  const content = entries.reduce((sum, entry) => sum + entry.length, 0);
  const head = Buffer.allocUnsafe(12);
  head.writeUIntBE(0x005300 | code, 0, 3);
  head.writeUInt8(0xd1, 3);
  head.writeUInt32BE(content + 4, 4);
  head.writeUInt32BE(entries.length, 8);
  return Buffer.concat([head, ...entries]);
}

/** What comes before the bytes of a data section. */
export function dataSectionHead(length: number): Buffer {
  const head = Buffer.allocUnsafe(8);
  head.writeUIntBE(0x005300 | section.data, 0, 3);
  head.writeUInt8(0xb0, 3);
  head.writeUInt32BE(length, 4);
  return head;
}
