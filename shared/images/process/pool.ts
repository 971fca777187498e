import { availableParallelism, totalmem } from 'node:os';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Settings } from '../../platform/config.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { EngineName } from './engine/choose.ts';
import { maxBytesInMemory } from './file/on-disk.ts';
import { makeSpool, sizeOf, type ImageBytes, type Spool } from './file/spool.ts';
import type { ProcessedImage, Processing, ProcessOptions, ProcessorDescription } from './ports.ts';
import { fromFailure, type Answer, type Question, type WorkerSettings, type Works } from './protocol.ts';
import { loadProcessors } from './registry.ts';
import { isRejection } from './rejections.ts';
import { heldMb, ownResidentMb, WorkerProcess, type WorkerCode } from './worker-process.ts';

export interface ProcessingOptions {
  readonly maxPixels: number;
  /** What one image may take from when a worker begins. */
  readonly timeoutMs: number;
  /** What one image may add to its worker. */
  readonly memoryMb: number;
  /** 0: from cores and memory. */
  readonly workers: number;
  /** `native` when it is not said. */
  readonly engine?: EngineName | undefined;
  /** Images that may wait for a worker before more are refused as `unavailable`. */
  readonly maxWaiting?: number;
}

/** Workers that answer whatever is asked, for one who compares versions. */
export interface WorkerQuestions {
  /** Throws what `Processing.process` throws. */
  ask<W extends keyof Works>(
    bytes: ImageBytes,
    question: Question<W> & { readonly work: W },
    options?: ProcessOptions,
  ): Promise<Works[W]>;
  close(): Promise<void>;
}

const defaultMaxWaiting = 256;
const idleTimeoutMs = 60_000;

/** Starts the pool; workers start with the first images, and end after a minute without any. */
export async function createProcessing(options: ProcessingOptions): Promise<Processing> {
  const processors = (await loadProcessors()).map(({ name, version, variants }): ProcessorDescription => ({
    name,
    version,
    variants,
  }));
  return new WorkerPool(options, processors);
}

/** Workers of other code than this release's. */
export const askWorkers = (options: ProcessingOptions, code: WorkerCode): WorkerQuestions =>
  new WorkerPool(options, [], code);

/** The options that the settings hold. */
export const processingOptions = (
  settings: Pick<
    Settings,
    | 'DARKROOM_MAX_PIXELS'
    | 'DARKROOM_PROCESSING_TIMEOUT_MS'
    | 'DARKROOM_PROCESSING_MEMORY_MB'
    | 'DARKROOM_PROCESSING_WORKERS'
    | 'DARKROOM_PROCESSING_ENGINE'
  >,
): ProcessingOptions => ({
  maxPixels: settings.DARKROOM_MAX_PIXELS,
  timeoutMs: settings.DARKROOM_PROCESSING_TIMEOUT_MS,
  memoryMb: settings.DARKROOM_PROCESSING_MEMORY_MB,
  workers: settings.DARKROOM_PROCESSING_WORKERS,
  engine: settings.DARKROOM_PROCESSING_ENGINE,
});

/**
 * One worker for each core, and two on a single one, so that a photo need not wait for a slow image to end: as long as each has
 * its own memory and an image's beside what the host itself needs.
 */
export function workerCount(
  memoryMb: number,
  cores = availableParallelism(),
  totalBytes = totalmem(),
): number {
  const hostMb = 256;
  const fitting = Math.floor((totalBytes / 2 ** 20 - hostMb) / (ownResidentMb + heldMb + memoryMb));
  return Math.max(1, Math.min(Math.max(2, cores), fitting));
}

type Run = (worker: WorkerProcess) => Promise<Answer>;

interface RunOptions {
  readonly giveUp: ProcessOptions['giveUp'];
  /** On the disk, where its worker changes it. */
  readonly isLarge: boolean;
  readonly ends: AbortSignal;
}

class WorkerPool implements Processing, WorkerQuestions {
  readonly concurrency: number;
  readonly processors: readonly ProcessorDescription[];
  readonly #limit: LimitFunction;
  readonly #maxQueued: number;
  readonly #spool: Spool;
  #given = 0;
  readonly #settings: WorkerSettings;
  readonly #code: WorkerCode;
  readonly #timeoutMs: number;
  readonly #idle = new Map<WorkerProcess, NodeJS.Timeout>();
  readonly #closing = new AbortController();

  constructor(
    options: ProcessingOptions,
    processors: readonly ProcessorDescription[],
    code: WorkerCode = {},
  ) {
    const { maxPixels, timeoutMs, memoryMb, maxWaiting = defaultMaxWaiting } = options;
    const workers = options.workers === 0 ? workerCount(memoryMb) : options.workers;
    this.processors = processors;
    this.concurrency = workers * 2;
    this.#settings = { maxPixels, timeoutMs, memoryMb, engine: options.engine ?? 'native' };
    this.#code = code;
    this.#timeoutMs = timeoutMs;
    this.#limit = pLimit(workers);
    this.#spool = makeSpool({ workers });
    this.#maxQueued = workers + maxWaiting;
  }

  process(bytes: ImageBytes, options?: ProcessOptions): Promise<ProcessedImage> {
    return this.ask(bytes, { work: 'process' }, options);
  }

  async ask<W extends keyof Works>(
    bytes: ImageBytes,
    question: Question<W>,
    { signal, giveUp }: ProcessOptions = {},
  ): Promise<Works[W]> {
    const ends = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    ends.throwIfAborted();
    if (this.#given >= this.#maxQueued) {
      throw new DarkroomError('unavailable', 'Too many images wait to be processed; try again later.');
    }
    const isLarge = sizeOf(bytes) > maxBytesInMemory;
    this.#given++;
    try {
      // What waits for a worker is on the disk by then.
      return await this.#spool.use(bytes, ends, (path) =>
        this.#limit(() => {
          ends.throwIfAborted();
          const run: Run = (worker) => worker.run(path, question);
          return this.#run(run, { isLarge, ends, giveUp }) as Promise<Works[W]>;
        }),
      );
    } finally {
      this.#given--;
    }
  }

  hasRoom(): Promise<boolean> {
    return this.#spool.hasRoom();
  }

  async close(): Promise<void> {
    this.#closing.abort(new DarkroomError('unavailable', 'Processing is shutting down.'));
    for (const [worker, timer] of this.#idle) {
      clearTimeout(timer);
      worker.end();
    }
    this.#idle.clear();
    await this.#spool.close();
  }

  async #run(run: Run, { isLarge, ends, giveUp }: RunOptions): Promise<Works[keyof Works]> {
    // The time of an image counts once it has a worker.
    const timeout = new AbortController();
    const own = { afterMs: this.#timeoutMs, reason: tooSlow(this.#timeoutMs) };
    const { afterMs, reason } = giveUp && giveUp.afterMs < own.afterMs ? giveUp : own;
    const timer = setTimeout(() => timeout.abort(reason), afterMs);
    const signal = AbortSignal.any([ends, timeout.signal]);
    try {
      const worker = this.#take(isLarge);
      const wasUsed = worker.isUsed;
      return await this.#runIn(worker, run, signal).catch((error: unknown) => {
        // What images before it left may have been too much; a new worker has nothing of them.
        if (!wasUsed || signal.aborted || !mayLackMemory(error)) throw error;
        return this.#runIn(this.#start(), run, signal);
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #runIn(worker: WorkerProcess, run: Run, signal: AbortSignal): Promise<Works[keyof Works]> {
    const end = () => worker.end();
    signal.addEventListener('abort', end);
    try {
      const answer = await run(worker);
      if ('failure' in answer) throw fromFailure(answer.failure);
      return answer.result;
    } catch (error) {
      // Only a worker that told what is wrong with the file is known to be well itself.
      if (!isRejection(error)) worker.end();
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
      this.#release(worker);
    }
  }

  /** A large file is changed where it is, so it has one try, in a worker that nothing was left in. */
  #take(isLarge: boolean): WorkerProcess {
    for (const [worker, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(worker);
      if (worker.isEnded) continue;
      if (isLarge) {
        worker.end();
        break;
      }
      worker.setWaiting(false);
      return worker;
    }
    return this.#start();
  }

  #start(): WorkerProcess {
    return new WorkerProcess(this.#settings, this.#code);
  }

  #release(worker: WorkerProcess): void {
    if (worker.isEnded) return;
    if (this.#closing.signal.aborted || !worker.isAtBase) {
      worker.end();
      return;
    }
    worker.setWaiting(true);
    const timer = setTimeout(() => {
      this.#idle.delete(worker);
      worker.end();
    }, idleTimeoutMs).unref();
    this.#idle.set(worker, timer);
  }
}

/** A decoder that is refused memory may crash, too. */
const mayLackMemory = (error: unknown): boolean =>
  error instanceof DarkroomError && ['processing-memory', 'processing-crashed'].includes(error.code);

const tooSlow = (timeoutMs: number) =>
  new DarkroomError('processing-timeout', `Processing the image took longer than ${timeoutMs} ms.`, {
    details: { timeoutMs },
  });
