/** How often memory is looked at while images are processed, in milliseconds. */
const interval = 100;
const bytesPerMb = 2 ** 20;

export interface Watched {
  readonly startedAt: number;
  readonly end: () => void;
}

/**
 * Native memory belongs to no thread, so it is the process's growth that is held against the limit of all the tasks
 * that run. Past it, the task that has run longest is ended: an ordinary photo takes a fraction of a second, so the
 * one that does not finish is the one that hoards.
 */
export class MemoryWatch {
  readonly #limitBytes: number;
  readonly #tasks = new Set<Watched>();
  readonly #rss: () => number;
  #idleRss = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMb: number, rss: () => number = () => process.memoryUsage.rss()) {
    this.#limitBytes = limitMb * bytesPerMb;
    this.#rss = rss;
  }

  add(task: Watched): void {
    if (this.#tasks.size === 0) this.#idleRss = this.#rss();
    this.#tasks.add(task);
    this.#timer ??= setInterval(() => this.check(), interval).unref();
  }

  delete(task: Watched): void {
    this.#tasks.delete(task);
    if (this.#tasks.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  check(): void {
    if (this.#rss() - this.#idleRss <= this.#limitBytes * this.#tasks.size) return;
    const longest = [...this.#tasks].sort((a, b) => a.startedAt - b.startedAt)[0];
    if (!longest) return;
    this.#tasks.delete(longest);
    longest.end();
  }
}
