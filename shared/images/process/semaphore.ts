import { DarkroomError } from '../../platform/errors.ts';

/** Lets `places` in at once and `maxWaiting` wait; the time of a task counts only once it is in. */
export class Semaphore {
  #free: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number, maxWaiting: number) {
    this.#free = places;
    this.#maxWaiting = maxWaiting;
  }

  /** Answers how to leave, once there is a place; throws `unavailable` where too many wait, or the signal's reason. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    return () => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new DarkroomError('unavailable', 'Too many images wait to be processed; try again later.');
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const enter = () => {
      signal.removeEventListener('abort', giveUp);
      resolve(undefined);
    };
    const giveUp = () => {
      this.#waiting.splice(this.#waiting.indexOf(enter), 1);
      reject(signal.reason as Error);
    };
    this.#waiting.push(enter);
    signal.addEventListener('abort', giveUp, { once: true });
    return promise;
  }
}
