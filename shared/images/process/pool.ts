import { once } from 'node:events';
import { availableParallelism, totalmem } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import pLimit, { type LimitFunction } from 'p-limit';
import { Piscina } from 'piscina';
import type { Settings } from '../../platform/config.ts';
import { DarkroomError } from '../../platform/errors.ts';
import type { EngineName } from './engine/choose.ts';
import { MemoryWatch, type Watched } from './memory-watch.ts';
import type { ProcessedImage, Processing, ProcessorDescription } from './ports.ts';
import { fromFailure, ownBuffers, type Answer, type Task, type WorkerSettings } from './protocol.ts';
import { loadProcessors } from './registry.ts';

export interface ProcessingOptions {
  readonly maxPixels: number;
  /** What one image may take from when a worker begins. */
  readonly timeoutMs: number;
  /** What one image may add to the process. */
  readonly memoryMb: number;
  /** 0: from cores and memory. */
  readonly workers: number;
  /** `native` when it is not said. */
  readonly engine?: EngineName | undefined;
  /** Images that may wait for a worker before more are refused as `unavailable`. */
  readonly maxWaiting?: number;
}

const defaultMaxWaiting = 256;
const idleTimeoutMs = 60_000;

/** Starts the pool; threads start with the first images, and end after a minute without any. */
export async function createProcessing(options: ProcessingOptions): Promise<Processing> {
  const processors = (await loadProcessors()).map(({ name, version, variants }): ProcessorDescription => ({
    name,
    version,
    variants,
  }));
  return new WorkerPool(options, processors);
}

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

/** One worker for each core, as long as each has its memory beside what the host itself needs. */
export function workerCount(
  memoryMb: number,
  cores = availableParallelism(),
  totalBytes = totalmem(),
): number {
  const hostMb = 256;
  const fitting = Math.floor((totalBytes / 2 ** 20 - hostMb) / memoryMb);
  return Math.max(1, Math.min(cores, fitting));
}

const workerFile = (): string =>
  new URL(import.meta.url.endsWith('.cjs') ? './worker.cjs' : './worker.ts', import.meta.url).href;

class WorkerPool implements Processing {
  readonly concurrency: number;
  readonly processors: readonly ProcessorDescription[];
  readonly #pool: Piscina<Task, void>;
  readonly #limit: LimitFunction;
  readonly #maxQueued: number;
  readonly #watch: MemoryWatch;
  readonly #settings: WorkerSettings;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();

  constructor(options: ProcessingOptions, processors: readonly ProcessorDescription[]) {
    const { maxPixels, timeoutMs, memoryMb, maxWaiting = defaultMaxWaiting } = options;
    const workers = options.workers === 0 ? workerCount(memoryMb) : options.workers;
    this.processors = processors;
    this.concurrency = workers * 2;
    this.#settings = { maxPixels, timeoutMs, memoryMb, engine: options.engine ?? 'native' };
    this.#timeoutMs = timeoutMs;
    // Piscina queues too, but the time of an image counts only once it has a worker.
    this.#limit = pLimit(workers);
    this.#maxQueued = workers + maxWaiting;
    this.#watch = new MemoryWatch(memoryMb);
    this.#pool = new Piscina({
      filename: workerFile(),
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: idleTimeoutMs,
      // The event loop of a worker must turn while libvips works.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 64 },
    });
    this.#pool.on('error', () => undefined);
  }

  async process(bytes: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<ProcessedImage> {
    const ends = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    ends.throwIfAborted();
    if (this.#limit.activeCount + this.#limit.pendingCount >= this.#maxQueued) {
      throw new DarkroomError('unavailable', 'Too many images wait to be processed; try again later.');
    }
    return this.#limit(() => {
      ends.throwIfAborted();
      return this.#run(bytes, ends);
    });
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new DarkroomError('unavailable', 'Processing is shutting down.'));
    await this.#pool.destroy();
  }

  async #run(bytes: Uint8Array, ends: AbortSignal): Promise<ProcessedImage> {
    const stop = new AbortController();
    const signal = AbortSignal.any([ends, stop.signal]);
    const timer = setTimeout(() => stop.abort(tooSlow(this.#timeoutMs)), this.#timeoutMs);
    const watched: Watched = {
      startedAt: performance.now(),
      end: () => stop.abort(tooLarge(this.#settings.memoryMb)),
    };
    this.#watch.add(watched);
    try {
      return await this.#ask(bytes, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : workerFailure(error, this.#settings.memoryMb);
    } finally {
      clearTimeout(timer);
      this.#watch.delete(watched);
    }
  }

  async #ask(bytes: Uint8Array, signal: AbortSignal): Promise<ProcessedImage> {
    const { port1, port2 } = new MessageChannel();
    try {
      const answer = once(port1, 'message', { signal }) as Promise<[Answer]>;
      answer.catch(() => undefined);
      const task: Task = { bytes, settings: this.#settings, reply: port2 };
      await this.#pool.run(task, { signal, transferList: [...ownBuffers([bytes]), port2] });
      const [message] = await answer;
      if ('failure' in message) throw fromFailure(message.failure);
      return message.result;
    } finally {
      port1.close();
    }
  }
}

const tooSlow = (timeoutMs: number) =>
  new DarkroomError('processing-timeout', `Processing the image took longer than ${timeoutMs} ms.`, {
    details: { timeoutMs },
  });

const tooLarge = (memoryMb: number) =>
  new DarkroomError('processing-memory', `Processing the image needed more than ${memoryMb} MB of memory.`, {
    details: { memoryMb },
  });

/** A thread that runs out of heap ends with this code; other causes cannot be told apart. */
const workerFailure = (error: unknown, memoryMb: number): unknown =>
  (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge(memoryMb) : error;
