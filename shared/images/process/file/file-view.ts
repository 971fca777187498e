import type { ImageFile } from './image-file.ts';

const windowBytes = 1_048_576;

/** Goes through a file from its start, a window at a time. */
export class FileView {
  readonly #file: Pick<ImageFile, 'size' | 'read'>;
  #from = 0;
  #window: Buffer = Buffer.alloc(0);

  constructor(file: Pick<ImageFile, 'size' | 'read'>) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  /** Fewer where the file ends before. */
  bytes(at: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - at));
    this.#open(at, wanted);
    return this.#window.subarray(at - this.#from, at - this.#from + wanted);
  }

  /** Undefined behind the end. */
  byte(at: number): number | undefined {
    if (at >= this.size) return undefined;
    this.#open(at, 1);
    return this.#window[at - this.#from];
  }

  /** -1 where there is none. */
  indexOf(value: number, from: number): number {
    for (let at = from; at < this.size; at = this.#from + this.#window.length) {
      this.#open(at, 1);
      const found = this.#window.indexOf(value, at - this.#from);
      if (found >= 0) return this.#from + found;
    }
    return -1;
  }

  #open(at: number, length: number): void {
    if (at >= this.#from && at + length <= this.#from + this.#window.length) return;
    this.#window = this.#file.read(at, Math.max(length, windowBytes));
    this.#from = at;
  }
}
