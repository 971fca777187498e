/** What a header parser asks for next: bytes to look at, or bytes to pass over unseen. */
export type Ask = { readonly take: number; readonly orEnd?: boolean } | { readonly skip: number };

/** A parser that pulls: it yields what it needs and is given it, so it knows nothing of chunks. */
export type Pull<T> = Generator<Ask, T, Uint8Array>;

/** The next `length` bytes. The view is only good until the next request. */
export function* take(length: number): Pull<DataView> {
  const bytes = yield { take: length };
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The next `length` bytes, or fewer where the file ends. */
export function* takeOrEnd(length: number): Pull<DataView> {
  const bytes = yield { take: length, orEnd: true };
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function* skip(length: number): Pull<void> {
  if (length > 0) yield { skip: length };
}

export const ascii = (view: DataView, offset: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, length));

/** Gives chunks to a parser; holds no more than the bytes of one request. */
export class Puller<T> {
  readonly #parser: Pull<T>;
  #ask: IteratorResult<Ask, T>;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #skipping = 0;

  constructor(parser: Pull<T>) {
    this.#parser = parser;
    this.#ask = parser.next();
    this.#begin();
  }

  write(chunk: Uint8Array): void {
    let rest = chunk;
    while (!this.#ask.done) {
      const skipped = Math.min(this.#skipping, rest.length);
      this.#skipping -= skipped;
      rest = rest.subarray(skipped);
      if (this.#skipping > 0) return;
      const ask = this.#ask.value;
      const wanted = 'take' in ask ? ask.take - this.#pendingBytes : 0;
      if (rest.length < wanted) {
        this.#keep(rest);
        return;
      }
      const given = this.#gather(rest.subarray(0, wanted));
      rest = rest.subarray(wanted);
      this.#advance(given);
    }
  }

  get isDone(): boolean {
    return this.#ask.done === true;
  }

  /** What the parser answered, or undefined where the file ended too early for it to. */
  end(): T | undefined {
    while (!this.#ask.done) {
      const ask = this.#ask.value;
      if (this.#skipping > 0 || !('take' in ask) || !ask.orEnd) return undefined;
      this.#advance(this.#gather(new Uint8Array()));
    }
    return this.#ask.value;
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.push(Uint8Array.from(bytes));
    this.#pendingBytes += bytes.length;
  }

  #gather(last: Uint8Array): Uint8Array {
    if (this.#pending.length === 0) return last;
    const whole = Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return whole;
  }

  #advance(given: Uint8Array): void {
    this.#ask = this.#parser.next(given);
    this.#begin();
  }

  #begin(): void {
    this.#skipping = !this.#ask.done && 'skip' in this.#ask.value ? this.#ask.value.skip : 0;
  }
}
