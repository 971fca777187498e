import type { Hub } from '../stream/hubs.ts';
import type { PartitionState } from './partition-state.ts';

/** Two samples nearer than this say nothing of a rate, and much older ones nothing of now. */
const [shortestMs, longestMs] = [500, 15 * 60_000];

export interface Throughput {
  readonly inPerSecond: number;
  readonly settledPerSecond: number;
}

interface Sample {
  readonly at: number;
  readonly sent: number;
  readonly settled: number;
}

function sampleOf(partitions: readonly PartitionState[]): Sample {
  const sum = (value: (partition: PartitionState) => number): number =>
    partitions.reduce((total, partition) => total + value(partition), 0);
  const sent = sum(({ lastSequenceNumber }) => lastSequenceNumber);
  return { at: Date.now(), sent, settled: sent - sum(({ events }) => events ?? 0) };
}

/** Measures from one question to the next; null when there is nothing to compare with. */
export function makeThroughput() {
  const samples = new Map<Hub, Sample>();
  return (hub: Hub, partitions: readonly PartitionState[]): Throughput | null => {
    const now = sampleOf(partitions);
    const before = samples.get(hub);
    const elapsedMs = now.at - (before?.at ?? -Infinity);
    if (elapsedMs < shortestMs) return null;
    samples.set(hub, now);
    if (before === undefined || elapsedMs > longestMs) return null;
    const perSecond = (delta: number): number => Math.max(0, Math.round((delta / elapsedMs) * 1e5) / 100);
    return {
      inPerSecond: perSecond(now.sent - before.sent),
      settledPerSecond: perSecond(now.settled - before.settled),
    };
  };
}
