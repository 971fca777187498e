import { unsignedVarint, VarintReader } from './record.ts';

/**
 * The primitive types of the Kafka protocol. A "flexible" version of an API writes lengths as varints and ends each
 * structure with tagged fields (KIP-482); the reader and writer know which they are in.
 */
export class WireReader {
  readonly bytes: Buffer;
  position: number;
  readonly flexible: boolean;

  constructor(bytes: Buffer, position: number, flexible: boolean) {
    this.bytes = bytes;
    this.position = position;
    this.flexible = flexible;
  }

  int8(): number {
    return this.bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4));
  }

  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.#advance(8)));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  nullableString(): string | null {
    const length = this.flexible ? this.#varint() - 1 : this.int16();
    return length < 0 ? null : this.#take(length).toString();
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  nullableBytes(): Buffer | null {
    const length = this.flexible ? this.#varint() - 1 : this.int32();
    return length < 0 ? null : this.#take(length);
  }

  /** Null for a null array. */
  array<T>(element: () => T): T[] | null {
    const length = this.flexible ? this.#varint() - 1 : this.int32();
    if (length < 0) return null;
    if (length > this.bytes.length - this.position)
      throw new RangeError('An array is longer than its request.');
    return Array.from({ length }, element);
  }

  /** The end of a structure in a flexible version; what is tagged is not needed here. */
  tags(): void {
    if (!this.flexible) return;
    for (let count = this.#varint(); count > 0; count--) {
      this.#varint();
      this.#take(this.#varint());
    }
  }

  #varint(): number {
    const reader = new VarintReader(this.bytes, this.position);
    const value = reader.unsigned();
    this.position = reader.position;
    return value;
  }

  #take(length: number): Buffer {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  #advance(length: number): number {
    const start = this.position;
    if (start + length > this.bytes.length) throw new RangeError('A field ends after its request.');
    this.position = start + length;
    return start;
  }
}

export class WireWriter {
  readonly flexible: boolean;
  readonly #parts: Buffer[] = [];

  constructor(flexible: boolean) {
    this.flexible = flexible;
  }

  int8(value: number): this {
    const bytes = Buffer.allocUnsafe(1);
    bytes.writeInt8(value, 0);
    return this.raw(bytes);
  }

  int16(value: number): this {
    const bytes = Buffer.allocUnsafe(2);
    bytes.writeInt16BE(value, 0);
    return this.raw(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeInt32BE(value, 0);
    return this.raw(bytes);
  }

  int64(value: number): this {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64BE(BigInt(value), 0);
    return this.raw(bytes);
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    const bytes = value === null ? null : Buffer.from(value);
    if (this.flexible) this.raw(unsignedVarint((bytes?.length ?? -1) + 1));
    else this.int16(bytes?.length ?? -1);
    return bytes ? this.raw(bytes) : this;
  }

  bytes(value: Buffer | null): this {
    if (this.flexible) this.raw(unsignedVarint((value?.length ?? -1) + 1));
    else this.int32(value?.length ?? -1);
    return value ? this.raw(value) : this;
  }

  array<T>(values: readonly T[], element: (value: T) => void): this {
    if (this.flexible) this.raw(unsignedVarint(values.length + 1));
    else this.int32(values.length);
    for (const value of values) element(value);
    return this;
  }

  tags(): this {
    return this.flexible ? this.raw(Buffer.from([0])) : this;
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  get parts(): readonly Buffer[] {
    return this.#parts;
  }
}
