/** A Kafka record is stored from its key on, just as it came: key, value, headers (Kafka protocol guide, "Record"). */
export interface KafkaHeader {
  readonly name: string;
  readonly value: Buffer | null;
}

export interface KafkaRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly KafkaHeader[];
}

/** Reads varints and what they measure, from the front of a buffer. */
export class VarintReader {
  readonly bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.position++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('A varint is longer than five bytes.');
  }

  /** Zigzag, 32 bits. */
  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  skipLong(): void {
    for (let count = 0; count < 10; count++) {
      if (this.bytes.readUInt8(this.position++) < 0x80) return;
    }
    throw new RangeError('A varlong is longer than ten bytes.');
  }

  nullableBytes(): Buffer | null {
    const length = this.signed();
    if (length < 0) return null;
    const end = this.position + length;
    if (end > this.bytes.length) throw new RangeError('A field ends after its record.');
    const field = this.bytes.subarray(this.position, end);
    this.position = end;
    return field;
  }
}

export function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

export const signedVarint = (value: number): Buffer => unsignedVarint(value < 0 ? -2 * value - 1 : 2 * value);

export function decodeRecordTail(payload: Buffer): KafkaRecord {
  const reader = new VarintReader(payload);
  const key = reader.nullableBytes();
  const value = reader.nullableBytes();
  const count = reader.signed();
  const headers: KafkaHeader[] = [];
  for (let index = 0; index < count; index++) {
    const name = reader.nullableBytes();
    if (!name) throw new RangeError('A header has no name.');
    headers.push({ name: name.toString(), value: reader.nullableBytes() });
  }
  if (reader.position !== payload.length) throw new RangeError('A record is longer than what it holds.');
  return { key, value, headers };
}

const nullable = (field: Buffer | null): Buffer[] =>
  field ? [signedVarint(field.length), field] : [signedVarint(-1)];

export function encodeRecordTail({ key, value, headers }: KafkaRecord): Buffer {
  const encoded = headers.flatMap((header) => [
    ...nullable(Buffer.from(header.name)),
    ...nullable(header.value),
  ]);
  return Buffer.concat([...nullable(key), ...nullable(value), signedVarint(headers.length), ...encoded]);
}
