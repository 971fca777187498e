import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { frameHeaderBytes, frameIsWhole, readFrameHeader, type FrameHeader } from './frame.ts';

/** Where a frame begins; not every frame has an entry (see `indexInterval`). */
interface IndexEntry {
  readonly sequence: number;
  readonly position: number;
  readonly enqueuedAt: number;
}

/** Bytes between two index entries at least: small frames are found by a short scan. */
const indexInterval = 16_384;
const scanBytes = 4 * 1_048_576;
const namePattern = /^(\d{20})-(\d{20})\.log$/;

/**
 * One file of a partition: frames, one after the other. Its name holds the first sequence number and offset, so that
 * neither is used twice, even when retention has deleted every record.
 */
export class Segment {
  readonly path: string;
  readonly baseSequence: number;
  readonly baseOffset: number;
  bytes = 0;
  nextSequence: number;
  firstEnqueuedAt: number | undefined;
  lastEnqueuedAt: number | undefined;
  lastFrame: { readonly position: number; readonly header: FrameHeader } | undefined;
  readonly #index: IndexEntry[] = [];
  readonly #file: FileHandle;
  #readers = 0;
  #closing = false;

  constructor(path: string, baseSequence: number, baseOffset: number, file: FileHandle) {
    this.path = path;
    this.baseSequence = baseSequence;
    this.baseOffset = baseOffset;
    this.nextSequence = baseSequence;
    this.#file = file;
  }

  static async open(directory: string, baseSequence: number, baseOffset: number): Promise<Segment> {
    const name = `${String(baseSequence).padStart(20, '0')}-${String(baseOffset).padStart(20, '0')}.log`;
    const path = join(directory, name);
    // 'a+' would move every positioned write to the end on Linux, and a failed write must be overwritten.
    const file = await open(path, 'r+').catch(() => open(path, 'w+'));
    return new Segment(path, baseSequence, baseOffset, file);
  }

  /** The base sequence and offset in a file name, or undefined when it is not a segment's. */
  static basesOf(name: string): readonly [sequence: number, offset: number] | undefined {
    const match = namePattern.exec(name);
    return match ? [Number(match[1]), Number(match[2])] : undefined;
  }

  /** Reads the file from its start, tells of each whole frame, and cuts off what a crash tore; returns bytes cut. */
  async recover(onFrame: (header: FrameHeader) => void): Promise<number> {
    const { size } = await this.#file.stat();
    let wanted = scanBytes;
    while (this.bytes < size) {
      const bytes = await this.read(this.bytes, Math.min(wanted, size - this.bytes));
      const used = this.#takeFrames(bytes, onFrame);
      const torn = readFrameHeader(bytes, used)?.bytes ?? 0;
      const mayFit = torn > bytes.length - used && this.bytes + torn <= size;
      if (used === 0 && !(mayFit && bytes.length < torn)) break;
      wanted = Math.max(scanBytes, mayFit ? torn : 0);
    }
    if (this.bytes < size) await this.#file.truncate(this.bytes);
    return size - this.bytes;
  }

  #takeFrames(bytes: Buffer, onFrame: (header: FrameHeader) => void): number {
    let at = 0;
    for (;;) {
      const header = readFrameHeader(bytes, at);
      if (!header || header.baseSequence !== this.nextSequence || !frameIsWhole(bytes, at, header)) return at;
      this.#add(header);
      onFrame(header);
      at += header.bytes;
    }
  }

  /** Writes at the end in one call; on failure the file ends where it ended before. */
  async append(buffers: readonly Buffer[], headers: readonly FrameHeader[], sync: boolean): Promise<void> {
    const start = this.bytes;
    const length = headers.reduce((sum, header) => sum + header.bytes, 0);
    try {
      await writeAll(this.#file, buffers, start, length);
      if (sync) await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(start).catch(() => undefined);
      throw error;
    }
    for (const header of headers) this.#add(header);
  }

  #add(header: FrameHeader): void {
    const position = this.bytes;
    const last = this.#index.at(-1);
    if (!last || position - last.position >= indexInterval) {
      this.#index.push({ sequence: header.baseSequence, position, enqueuedAt: header.enqueuedAt });
    }
    this.lastFrame = { position, header };
    this.firstEnqueuedAt ??= header.enqueuedAt;
    this.lastEnqueuedAt = header.enqueuedAt;
    this.nextSequence = header.baseSequence + header.count;
    this.bytes = position + header.bytes;
  }

  /** Position of the last indexed frame for which `isBefore` holds, else 0. Entries are in order, so it bisects. */
  positionBefore(isBefore: (entry: IndexEntry) => boolean): number {
    let low = 0;
    let high = this.#index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#index[middle]!)) low = middle + 1;
      else high = middle;
    }
    return this.#index[low - 1]?.position ?? 0;
  }

  /** Bytes of whole frames from `position` on: about `atMost`, but never less than one frame. */
  async readFrames(position: number, atMost: number): Promise<Buffer> {
    const available = this.bytes - position;
    const bytes = await this.read(position, Math.min(Math.max(atMost, frameHeaderBytes), available));
    const first = readFrameHeader(bytes, 0);
    if (!first || first.bytes <= bytes.length) return bytes;
    return this.read(position, first.bytes);
  }

  async read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length);
    this.#readers++;
    try {
      let done = 0;
      while (done < length) {
        const { bytesRead } = await this.#file.read(buffer, done, length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return buffer.subarray(0, done);
    } finally {
      this.#readers--;
      if (this.#closing && this.#readers === 0) await this.#file.close();
    }
  }

  /** Closes the file when the last read under way has ended. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#readers === 0) await this.#file.close();
  }

  async delete(): Promise<void> {
    await unlink(this.path);
    await this.close();
  }
}

/** IOV_MAX is 1024 on Linux. */
const maxVectors = 1024;

async function writeAll(
  file: FileHandle,
  buffers: readonly Buffer[],
  start: number,
  length: number,
): Promise<void> {
  let position = start;
  for (let at = 0; at < buffers.length; at += maxVectors) {
    const part = buffers.slice(at, at + maxVectors);
    const partBytes = part.reduce((sum, buffer) => sum + buffer.length, 0);
    const { bytesWritten } = await file.writev(part, position);
    if (bytesWritten < partBytes) await writeRest(file, part, bytesWritten, position);
    position += partBytes;
  }
  if (position !== start + length) throw new Error('A frame header does not agree with its length.');
}

/** A vectored write may stop early (disk nearly full, signal): the rest goes by plain writes, which then say why. */
async function writeRest(
  file: FileHandle,
  buffers: readonly Buffer[],
  written: number,
  start: number,
): Promise<void> {
  const rest = Buffer.concat(buffers).subarray(written);
  let done = 0;
  while (done < rest.length) {
    const { bytesWritten } = await file.write(rest, done, rest.length - done, start + written + done);
    done += bytesWritten;
  }
}
