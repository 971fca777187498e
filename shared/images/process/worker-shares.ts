import pLimit from 'p-limit';

/** After so long without an ordinary image, all workers may be used for the others. Milliseconds. */
const quietMs = 5_000;

/** How long an owner whose image overran the ordinary lane waits in the other one. Milliseconds. */
const overrunMs = 10 * 60_000;

/** One worker less than there are, so that an ordinary image finds one. Where there is one only, it waits for one slow image. */
export const slowWorkers = (workers: number): number => Math.max(1, workers - 1);

/**
 * How the two lanes of one process share its workers: of slow images there is always one worker less in work than there
 * are, and so it is of everything deferred while ordinary images come. A single worker is shared: one deferred image at a
 * time has it, and an ordinary one is next.
 */
export function makeWorkerShares(workers: number) {
  const behind = slowWorkers(workers);
  const deferred = pLimit(workers);
  const slow = pLimit(behind);
  const overruns = new Map<string, NodeJS.Timeout>();
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
      clearTimeout(overruns.get(owner));
      overruns.set(owner, setTimeout(() => overruns.delete(owner), overrunMs).unref());
    },
    isOverrunning: (owner: string): boolean => overruns.has(owner),
  };
}

export type WorkerShares = ReturnType<typeof makeWorkerShares>;
