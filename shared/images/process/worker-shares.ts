import pLimit from 'p-limit';

/** After so long without an ordinary image, all workers may be used for the others. Milliseconds. */
const quietMs = 5_000;

/** How long an owner whose image overran the ordinary lane waits in the other one. Milliseconds. */
const overrunMs = 10 * 60_000;

/** One worker less than there are, so that an ordinary image finds one. */
export const slowWorkers = (workers: number): number => Math.max(1, workers - 1);

/**
 * How the two lanes of one process share its workers: while ordinary images come, one worker is always theirs, and of
 * slow images there is always one worker less in work than there are.
 */
export function makeWorkerShares(workers: number) {
  const behind = slowWorkers(workers);
  const deferred = pLimit(workers);
  const slow = pLimit(behind);
  const overruns = new Map<string, number>();
  let quiet: NodeJS.Timeout | undefined;

  function ordinaryCame(): void {
    clearTimeout(quiet);
    deferred.concurrency = behind;
    quiet = setTimeout(() => (deferred.concurrency = workers), quietMs).unref();
  }

  return {
    ordinary<T>(run: () => Promise<T>): Promise<T> {
      ordinaryCame();
      return run();
    },
    deferred: <T>(isSlow: boolean, run: () => Promise<T>): Promise<T> =>
      isSlow ? slow(() => deferred(run)) : deferred(run),
    overran(owner: string): void {
      overruns.set(owner, Date.now() + overrunMs);
    },
    isOverrunning(owner: string): boolean {
      const until = overruns.get(owner);
      if (until === undefined) return false;
      if (until > Date.now()) return true;
      overruns.delete(owner);
      return false;
    },
  };
}

export type WorkerShares = ReturnType<typeof makeWorkerShares>;
