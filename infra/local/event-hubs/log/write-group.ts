import { encodeFrame, readFrameHeader, type FrameHeader, type NewBatch } from './frame.ts';
import type { ProducerStates, ProducerVerdict } from './producer-states.ts';

export type AppendResult =
  | { readonly outcome: 'appended'; readonly baseSequence: number; readonly enqueuedAt: number }
  | Exclude<ProducerVerdict, { outcome: 'append' }>;

/** A batch and whoever waits for it. */
export interface Waiting {
  readonly batch: NewBatch;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Batches that are written together, with the outcome that each will have. */
export class WriteGroup {
  readonly buffers: Buffer[] = [];
  readonly headers: FrameHeader[] = [];
  bytes = 0;
  /** Where the last record begins, from the start of the group. */
  lastRecordPosition = 0;
  readonly #producers: ProducerStates;
  readonly #enqueuedAt: number;
  readonly #outcomes: { waiting: Waiting; result: AppendResult; undo: () => void }[] = [];
  #nextSequence: number;

  constructor(producers: ProducerStates, nextSequence: number, enqueuedAt: number) {
    this.#producers = producers;
    this.#nextSequence = nextSequence;
    this.#enqueuedAt = enqueuedAt;
  }

  add(waiting: Waiting): void {
    const { batch } = waiting;
    const count = batch.records.length;
    const verdict = batch.producer
      ? this.#producers.check(batch.producer, count)
      : { outcome: 'append' as const };
    if (verdict.outcome !== 'append') {
      this.#outcomes.push({ waiting, result: verdict, undo: () => undefined });
      return;
    }
    const baseSequence = this.#nextSequence;
    const undo = batch.producer
      ? this.#producers.accept(batch.producer, count, baseSequence, this.#enqueuedAt)
      : () => undefined;
    this.#outcomes.push({
      waiting,
      result: { outcome: 'appended', baseSequence, enqueuedAt: this.#enqueuedAt },
      undo,
    });
    this.#encode(batch, baseSequence);
  }

  #encode(batch: NewBatch, baseSequence: number): void {
    const buffers = encodeFrame(batch, baseSequence, this.#enqueuedAt);
    const header = readFrameHeader(buffers[0]!, 0)!;
    const last = buffers.slice(-2).reduce((sum, buffer) => sum + buffer.length, 0);
    this.lastRecordPosition = this.bytes + header.bytes - last;
    for (const buffer of buffers) this.buffers.push(buffer);
    this.headers.push(header);
    this.bytes += header.bytes;
    this.#nextSequence += header.count;
  }

  settle(): void {
    for (const { waiting, result } of this.#outcomes) waiting.resolve(result);
  }

  /** Nothing was written: what the producers were thought to have sent is forgotten, newest first. */
  fail(error: unknown): void {
    for (const { waiting, undo } of this.#outcomes.toReversed()) {
      undo();
      waiting.reject(error);
    }
  }
}
