import { makeFairQueue, type Turn } from '../../stream/fair-queue.ts';
import { quickMs, slowMs } from './lanes.ts';
import { makeRecently } from './recently.ts';

/** A quick image that takes longer was estimated wrongly: so are the next ones of its owner, for some time. */
const misjudgedMs = 8 * quickMs;
const distrustMs = 60_000;

/** One worker less than there are: one is kept for others, where there are several. */
export const unreservedWorkers = (workers: number): number => Math.max(1, workers - 1);

interface WorkerTurn extends Turn {
  readonly isDeferred: boolean;
}

const isLong = ({ ms }: WorkerTurn): boolean => ms > quickMs;

/**
 * What of images may be in the workers together. Longer than a moment, neither all of an owner's nor all that is deferred
 * takes more than the unreserved workers. Ordinary images may wait for a worker with their bytes at hand; deferred ones never do,
 * so that an ordinary one is next.
 */
function fitsWorkers(workers: number) {
  const unreserved = unreservedWorkers(workers);
  return (turn: WorkerTurn, inWork: readonly WorkerTurn[]): boolean => {
    if (inWork.length >= 2 * workers) return false;
    const deferred = inWork.filter(({ isDeferred }) => isDeferred);
    if (turn.isDeferred && deferred.length >= workers) return false;
    if (!isLong(turn)) return true;
    const long = inWork.filter(isLong);
    return (
      long.length < workers &&
      long.filter(({ flow }) => flow === turn.flow).length < unreserved &&
      (!turn.isDeferred || deferred.filter(isLong).length < unreserved)
    );
  };
}

export interface WorkerWork {
  readonly flow: string;
  /** Undefined where nobody knows: then it may be slow. */
  readonly estimatedMs: number | undefined;
  readonly isDeferred: boolean;
}

/** So much of one owner's work waits in the ordinary lane, or one image, and no more images than there are workers. Milliseconds. */
const crowdMs = 2_000;

/** Where an owner's images were more, long ones of his do not wait there for some time. Milliseconds. */
const crowdedForMs = 60_000;

/** Gives each image of one process its turn in the workers: fair by owner, whichever hub it comes from. */
export function makeWorkerTurns(workers: number, now: () => number = () => performance.now()) {
  const queue = makeFairQueue(fitsWorkers(workers), now);
  const misjudged = makeRecently(distrustMs, now);
  const crowding = makeRecently(crowdedForMs, now);
  /** Deferred images in work that are long, by flow. */
  const deferred = new Map<string, number>();
  /** Ordinary images that wait or are in work, by flow. */
  const open = new Map<string, { ms: number; images: number }>();

  const msOf = ({ flow, estimatedMs = slowMs }: WorkerWork): number =>
    misjudged.has(flow) ? Math.max(estimatedMs, slowMs) : estimatedMs;

  function count(flow: string, images: 1 | -1, ms: number): void {
    const before = open.get(flow) ?? { ms: 0, images: 0 };
    const after = { ms: before.ms + images * ms, images: before.images + images };
    if (after.images > 0) open.set(flow, after);
    else open.delete(flow);
  }

  function leaveDeferred(flow: string): void {
    const left = deferred.get(flow)! - 1;
    if (left > 0) deferred.set(flow, left);
    else deferred.delete(flow);
  }

  async function take<R>(work: WorkerWork, run: () => R | Promise<R>): Promise<R> {
    const { flow, isDeferred } = work;
    const ms = msOf(work);
    if (!isDeferred) count(flow, 1, ms);
    try {
      return await queue({ flow, isDeferred, ms }, async () => {
        const begun = now();
        const isLongDeferred = isDeferred && ms > quickMs;
        if (isLongDeferred) deferred.set(flow, (deferred.get(flow) ?? 0) + 1);
        try {
          return await run();
        } finally {
          if (isLongDeferred) leaveDeferred(flow);
          if (ms <= quickMs && now() - begun > misjudgedMs) misjudged.add(flow);
        }
      });
    } finally {
      if (!isDeferred) count(flow, -1, ms);
    }
  }

  return {
    take,
    /**
     * Whether so much of its owner waits in the ordinary lane, or is in work from another, that it does not wait there, too:
     * images of others would be behind it in their partitions.
     */
    isCrowded(work: WorkerWork): boolean {
      if (work.isDeferred) return false;
      const { flow } = work;
      const [ms, before] = [msOf(work), open.get(flow)];
      const isMore = before !== undefined && (before.images >= workers || before.ms + ms > crowdMs);
      if (isMore) crowding.add(flow);
      const isBehindOwn = (deferred.get(flow) ?? 0) >= unreservedWorkers(workers);
      return isMore || (ms > quickMs && (isBehindOwn || crowding.has(flow)));
    },
  };
}

export type WorkerTurns = ReturnType<typeof makeWorkerTurns>;
