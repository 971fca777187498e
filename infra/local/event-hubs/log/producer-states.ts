import { randomInt } from 'node:crypto';
import type { ProducerBatch } from './frame.ts';

/** Batches a producer may have in flight, so that each retry of one can be told from a new batch (Kafka: 5). */
const remembered = 5;
const sequenceModulus = 2 ** 31;
const idLimit = 2 ** 47;

/** Ids are drawn, not counted, so that none need be kept to never be given twice, over restarts too. */
export const newProducerId = (): number => randomInt(1, idLimit);

interface AcceptedBatch {
  readonly first: number;
  readonly last: number;
  readonly baseSequence: number;
  readonly enqueuedAt: number;
}

interface ProducerState {
  readonly epoch: number;
  readonly batches: readonly AcceptedBatch[];
}

export type ProducerVerdict =
  | { readonly outcome: 'append' }
  | { readonly outcome: 'duplicate'; readonly baseSequence: number; readonly enqueuedAt: number }
  | { readonly outcome: 'duplicate-sequence' | 'out-of-order-sequence' | 'fenced-epoch' };

const after = (sequence: number, count: number): number => (sequence + count) % sequenceModulus;

/** What is known of the idempotent producers of one partition, with Kafka's rules for what may be appended next. */
export class ProducerStates {
  readonly #states = new Map<number, ProducerState>();

  check(producer: ProducerBatch, count: number): ProducerVerdict {
    const state = this.#states.get(producer.id);
    if (!state) return { outcome: 'append' };
    if (producer.epoch < state.epoch) return { outcome: 'fenced-epoch' };
    if (producer.epoch > state.epoch) {
      const isFirst = producer.sequence === 0 || producer.sequence === after(producer.after ?? -1, 1);
      return { outcome: isFirst ? 'append' : 'out-of-order-sequence' };
    }
    const last = after(producer.sequence, count - 1);
    const same = state.batches.find((batch) => batch.first === producer.sequence && batch.last === last);
    if (same) return { outcome: 'duplicate', baseSequence: same.baseSequence, enqueuedAt: same.enqueuedAt };
    const newest = state.batches.at(-1)!;
    if (producer.sequence === after(newest.last, 1)) return { outcome: 'append' };
    const behind = (newest.last - last + sequenceModulus) % sequenceModulus < sequenceModulus / 2;
    return { outcome: behind ? 'duplicate-sequence' : 'out-of-order-sequence' };
  }

  /** The newest epoch of a producer and the last sequence number that it sent there. */
  newest(id: number): { readonly epoch: number; readonly sequence: number } | undefined {
    const state = this.#states.get(id);
    return state && { epoch: state.epoch, sequence: state.batches.at(-1)!.last };
  }

  /** Remembers a batch; the returned function forgets it again, for a write that failed. */
  accept(producer: ProducerBatch, count: number, baseSequence: number, enqueuedAt: number): () => void {
    const before = this.#states.get(producer.id);
    const batches = before?.epoch === producer.epoch ? before.batches : [];
    const batch = {
      first: producer.sequence,
      last: after(producer.sequence, count - 1),
      baseSequence,
      enqueuedAt,
    };
    this.#states.set(producer.id, {
      epoch: producer.epoch,
      batches: [...batches.slice(1 - remembered), batch],
    });
    return () => {
      if (before) this.#states.set(producer.id, before);
      else this.#states.delete(producer.id);
    };
  }
}
