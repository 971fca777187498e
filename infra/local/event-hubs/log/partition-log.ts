import { mkdir, readdir } from 'node:fs/promises';
import type { Clock } from '../../../../shared/platform/clock.ts';
import { readFrameHeader, recordsOf, type FrameHeader, type NewBatch, type StoredRecord } from './frame.ts';
import { ProducerStates } from './producer-states.ts';
import { Segment } from './segment.ts';
import { WriteGroup, type AppendResult, type Waiting } from './write-group.ts';

export type { AppendResult };

export interface LogOptions {
  readonly clock: Clock;
  /** Milliseconds that a record is kept at least. */
  readonly retention: number;
  /** Bytes after which a new segment begins. */
  readonly segmentBytes?: number;
  /** Wait for the disk at each write, so that power loss takes nothing either; without it, only what the OS holds. */
  readonly sync?: boolean;
  readonly onRepair?: (repair: { path: string; bytes: number }) => void;
}

const defaultSegmentBytes = 64 * 1_048_576;
/** A segment that is open longer than this part of the retention is closed, so that its oldest record can go in time. */
const segmentsPerRetention = 48;
/** Bytes that one write may gather. */
const groupBytes = 8 * 1_048_576;

/** The durable log of one partition: appends in groups, reads from any place, deletes by age. */
export class PartitionLog {
  readonly #directory: string;
  readonly #options: LogOptions;
  readonly #segments: Segment[] = [];
  readonly #producers = new ProducerStates();
  readonly #queue: Waiting[] = [];
  readonly #listeners = new Set<() => void>();
  #writing: Promise<void> | undefined;
  #maintenance: Promise<void> = Promise.resolve();
  #lastRecord: Pick<StoredRecord, 'offset' | 'enqueuedAt'> | undefined;
  #closed = false;

  private constructor(directory: string, options: LogOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** Opens the log, rebuilds index and producer states from it, and cuts off what a crash left half written. */
  static async open(directory: string, options: LogOptions): Promise<PartitionLog> {
    const log = new PartitionLog(directory, options);
    await mkdir(directory, { recursive: true });
    for (const name of (await readdir(directory)).sort()) {
      const bases = Segment.basesOf(name);
      if (bases) await log.#recover(await Segment.open(directory, ...bases));
    }
    if (log.#segments.length === 0) log.#segments.push(await Segment.open(directory, 0, 0));
    await log.#restoreLastRecord();
    return log;
  }

  async #recover(segment: Segment): Promise<void> {
    const cut = await segment.recover(({ producer, count, baseSequence, enqueuedAt }) => {
      if (producer) this.#producers.accept(producer, count, baseSequence, enqueuedAt);
    });
    if (cut > 0) this.#options.onRepair?.({ path: segment.path, bytes: cut });
    this.#segments.push(segment);
  }

  async #restoreLastRecord(): Promise<void> {
    const segment = this.#segments.findLast(({ lastFrame }) => lastFrame);
    if (!segment?.lastFrame) return;
    const { position, header } = segment.lastFrame;
    const bytes = await segment.read(position, header.bytes);
    const last = [...recordsOf(bytes, 0, header, segment.baseOffset + position)].at(-1);
    if (last) this.#lastRecord = { offset: last.offset, enqueuedAt: last.enqueuedAt };
  }

  get #active(): Segment {
    return this.#segments.at(-1)!;
  }

  /** The sequence number that the next record gets. */
  get nextSequence(): number {
    return this.#active.nextSequence;
  }

  /** The oldest sequence number that is still there; equals `nextSequence` when nothing is. */
  get beginSequence(): number {
    return this.#segments.find(({ bytes }) => bytes > 0)?.baseSequence ?? this.nextSequence;
  }

  get isEmpty(): boolean {
    return this.beginSequence === this.nextSequence;
  }

  /** Offset and time (milliseconds) of the newest record since the log began, as far as it is known. */
  get lastEnqueued(): { offset: number; enqueuedAt: number } {
    return this.#lastRecord ?? { offset: this.#active.baseOffset - 1, enqueuedAt: 0 };
  }

  /** What an idempotent producer sent last, if anything of it is here. */
  lastOfProducer(id: number): ReturnType<ProducerStates['newest']> {
    return this.#producers.newest(id);
  }

  /** Appends a batch; resolves once the operating system (or the disk, with `sync`) has it. */
  append(batch: NewBatch): Promise<AppendResult> {
    if (this.#closed) return Promise.reject(new Error('The log is closed.'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ batch, resolve, reject });
      this.#writing ??= this.#drainQueue().finally(() => (this.#writing = undefined));
    });
  }

  async #drainQueue(): Promise<void> {
    // One turn of the event loop, so that what arrives together is written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const work = this.#maintenance.then(() => this.#writeGroup());
      this.#maintenance = work;
      await work;
    }
  }

  async #writeGroup(): Promise<void> {
    const enqueuedAt = Math.max(this.#options.clock.now().getTime(), this.lastEnqueued.enqueuedAt);
    const group = new WriteGroup(this.#producers, this.nextSequence, enqueuedAt);
    while (this.#queue.length > 0 && group.bytes < groupBytes) group.add(this.#queue.shift()!);
    if (group.headers.length === 0) {
      group.settle();
      return;
    }
    try {
      if (this.#isDueToRoll(enqueuedAt)) await this.#roll();
      const start = this.#active.baseOffset + this.#active.bytes;
      await this.#active.append(group.buffers, group.headers, this.#options.sync ?? false);
      this.#lastRecord = { offset: start + group.lastRecordPosition, enqueuedAt };
    } catch (error) {
      group.fail(error);
      return;
    }
    group.settle();
    for (const listener of this.#listeners) listener();
  }

  #isDueToRoll(now: number): boolean {
    const { bytes, firstEnqueuedAt } = this.#active;
    const age = now - (firstEnqueuedAt ?? now);
    return (
      bytes >= (this.#options.segmentBytes ?? defaultSegmentBytes) ||
      age >= this.#options.retention / segmentsPerRetention
    );
  }

  async #roll(): Promise<void> {
    const { nextSequence, baseOffset, bytes } = this.#active;
    if (bytes === 0) return;
    this.#segments.push(await Segment.open(this.#directory, nextSequence, baseOffset + bytes));
  }

  /** Deletes the segments whose newest record is past retention; numbers go on where they were. */
  async enforceRetention(): Promise<number> {
    const horizon = this.#options.clock.now().getTime() - this.#options.retention;
    const isPast = ({ lastEnqueuedAt }: Segment): boolean =>
      lastEnqueuedAt !== undefined && lastEnqueuedAt <= horizon;
    if (this.#closed || !isPast(this.#segments[0]!)) return 0;
    let deleted = 0;
    const work = this.#maintenance.then(async () => {
      if (isPast(this.#active)) await this.#roll();
      while (this.#segments.length > 1 && isPast(this.#segments[0]!)) {
        await this.#segments.shift()!.delete();
        deleted++;
      }
    });
    this.#maintenance = work.catch(() => undefined);
    await work;
    return deleted;
  }

  /** Records from `sequence` (or the oldest still there) on, about `maxBytes` of them and one at least, if there is one. */
  async read(sequence: number, maxBytes: number): Promise<StoredRecord[]> {
    const segment = this.#segments.find(({ nextSequence }) => nextSequence > sequence);
    if (!segment) return [];
    const start = segment.positionBefore((entry) => entry.sequence <= sequence);
    try {
      return await this.#scan(segment, start, maxBytes, (record) => record.sequence >= sequence);
    } catch (error) {
      // Retention took the segment away meanwhile: the reader goes on with what is left.
      if (this.#closed || this.#segments.includes(segment)) throw error;
      return this.read(sequence, maxBytes);
    }
  }

  /** The sequence number of the first record after (or, inclusively, at) an offset. */
  async sequenceAfterOffset(offset: number, inclusive: boolean): Promise<number> {
    const isWanted = (record: StoredRecord): boolean =>
      inclusive ? record.offset >= offset : record.offset > offset;
    for (const segment of this.#segments) {
      if (segment.baseOffset + segment.bytes <= offset) continue;
      const start = segment.positionBefore((entry) => segment.baseOffset + entry.position <= offset);
      const [first] = await this.#scan(segment, start, 1, isWanted);
      if (first) return first.sequence;
    }
    return this.nextSequence;
  }

  /** The sequence number of the first record that was enqueued after (or, inclusively, at) a time in milliseconds. */
  async sequenceAfterTime(time: number, inclusive: boolean): Promise<number> {
    const isWanted = ({ enqueuedAt }: { enqueuedAt: number }): boolean =>
      inclusive ? enqueuedAt >= time : enqueuedAt > time;
    for (const segment of this.#segments) {
      if (segment.lastEnqueuedAt === undefined || !isWanted({ enqueuedAt: segment.lastEnqueuedAt })) continue;
      const start = segment.positionBefore((entry) => !isWanted(entry));
      const [first] = await this.#scan(segment, start, 1, isWanted);
      if (first) return first.sequence;
    }
    return this.nextSequence;
  }

  async #scan(
    segment: Segment,
    start: number,
    maxBytes: number,
    isWanted: (record: StoredRecord) => boolean,
  ): Promise<StoredRecord[]> {
    const found: StoredRecord[] = [];
    let position = start;
    while (position < segment.bytes && found.length === 0) {
      const bytes = await segment.readFrames(position, Math.max(maxBytes, 65_536));
      let at = 0;
      let header: FrameHeader | undefined;
      while ((header = readFrameHeader(bytes, at)) && at + header.bytes <= bytes.length) {
        for (const record of recordsOf(bytes, at, header, segment.baseOffset + position + at)) {
          if (isWanted(record)) found.push(record);
        }
        at += header.bytes;
      }
      if (at === 0) break;
      position += at;
    }
    return found;
  }

  /** Calls back after each append; returns what ends that. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#maintenance;
    for (const segment of this.#segments) await segment.close();
  }
}
