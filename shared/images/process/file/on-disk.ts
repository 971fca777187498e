import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { isRange, joined, type ImageFile, type Part } from './image-file.ts';
import { inMemory } from './in-memory.ts';

const stepBytes = 1_048_576;

/** A file that is its reader's own: it is changed where it is, since there may be no room for a second one. */
class OnDisk implements ImageFile {
  readonly input: string;
  readonly #descriptor: number;
  #size: number;

  constructor(path: string) {
    this.input = path;
    this.#descriptor = openSync(path, 'r+');
    this.#size = fstatSync(this.#descriptor).size;
  }

  get size(): number {
    return this.#size;
  }

  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.#size - at)));
    let filled = 0;
    for (let last = -1; filled < bytes.length && last !== 0; filled += last) {
      last = readSync(this.#descriptor, bytes, filled, bytes.length - filled, at + filled);
    }
    return bytes.subarray(0, filled);
  }

  keep(parts: Iterable<Part>): ImageFile {
    let size = 0;
    for (const part of joined(parts)) {
      if (isRange(part)) size = this.#move(...part, size);
      else {
        this.#write(part, size);
        size += part.length;
      }
    }
    this.#size = size;
    ftruncateSync(this.#descriptor, this.#size);
    return this;
  }

  patched(at: number, bytes: Uint8Array): ImageFile {
    this.#write(bytes, at);
    return this;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Forward only: what is written is never ahead of what is read. */
  #move(from: number, to: number, target: number): number {
    if (from === target) return to;
    if (from < target) throw new Error(`Bytes at ${from} of an image were overwritten before they moved.`);
    for (let at = from; at < to; at += stepBytes) {
      this.#write(this.read(at, Math.min(stepBytes, to - at)), target + at - from);
    }
    return target + to - from;
  }

  #write(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
    }
  }
}

/** A file up to this size is read at once. Bytes. */
export const maxBytesInMemory = 8 * 1_048_576;

export function openImageFile(path: string, maxInMemory = maxBytesInMemory): ImageFile {
  const file = new OnDisk(path);
  if (file.size > maxInMemory) return file;
  const bytes = file.read(0, file.size);
  file.close();
  return inMemory(bytes);
}
