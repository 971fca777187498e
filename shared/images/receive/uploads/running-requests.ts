import { DarkroomError } from '../../../platform/errors.ts';
import { uploadLimits } from './limits.ts';

/** What the request is for, which says how it treats one that runs before it. */
export type Purpose = 'write' | 'ask' | 'end';

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<undefined>;
  progressedAt: number;
}

export interface Request {
  /** Aborted with `interrupted` (what came is kept) or `ended` (nothing is). */
  readonly signal: AbortSignal;
  /** To be called when bytes came. */
  readonly progressed: () => void;
}

async function doneWithin({ done }: Running, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([done.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function stop({ abort, done }: Running, reason: 'interrupted' | 'ended'): Promise<void> {
  abort.abort(reason);
  await done;
}

/** Every request gets time to store something, so that any number of clients on one upload finish it. */
async function waitToWrite(other: Running, arrivedAt: number): Promise<void> {
  const { silentMs, maxWaitMs } = uploadLimits;
  for (;;) {
    const now = performance.now();
    const silentAt = other.progressedAt + silentMs;
    if (now >= silentAt) return stop(other, 'interrupted');
    if (now >= arrivedAt + maxWaitMs) {
      throw new DarkroomError('locked', 'Another request writes to this upload; ask for its offset later.');
    }
    if (await doneWithin(other, Math.min(silentAt, arrivedAt + maxWaitMs) - now)) return;
  }
}

/** The requests that this instance works on at this moment: one for each upload. */
export class RunningRequests {
  readonly #running = new Map<string, Running>();

  async alone<T>(key: string, purpose: Purpose, run: (request: Request) => Promise<T>): Promise<T> {
    const arrivedAt = performance.now();
    for (let other = this.#running.get(key); other !== undefined; other = this.#running.get(key)) {
      if (purpose === 'write') await waitToWrite(other, arrivedAt);
      else if (purpose === 'end') await stop(other, 'ended');
      else if (!(await doneWithin(other, uploadLimits.askGraceMs))) await stop(other, 'interrupted');
    }
    const { promise: done, resolve: end } = Promise.withResolvers<undefined>();
    const running: Running = { abort: new AbortController(), done, progressedAt: performance.now() };
    this.#running.set(key, running);
    try {
      return await run({
        signal: running.abort.signal,
        progressed: () => {
          running.progressedAt = performance.now();
        },
      });
    } finally {
      this.#running.delete(key);
      end(undefined);
    }
  }
}
