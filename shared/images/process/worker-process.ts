import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { Writable } from 'node:stream';
import { DarkroomError } from '../../platform/errors.ts';
import { imageLimits } from './limits.ts';
import { isOfMemory, outOfMemory } from './engine/failures.ts';
import type { Answer, Question, Task, WorkerSettings } from './protocol.ts';

/** Address space that Node, libvips and jimp's scaling thread map for writing without an image, most of it never touched. */
const ownDataMb = 896;
/** What of it is memory in use. */
export const ownResidentMb = 135;
/** A file that its decoder takes as a whole, and the copy in the decoder. */
export const heldMb = (2 * imageLimits.maxHeldBytes) / 2 ** 20;
const keptErrorBytes = 4_096;

/**
 * The kernel refuses the worker memory past its limit (RLIMIT_DATA: native and WebAssembly memory count, asking the
 * process is not needed), and ends it before anything else where the machine itself runs out.
 */
const limitedStart =
  'ulimit -d "$1" || exit 70; shift; echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec "$@"';

/** Ends of a process that never became a worker: see `limitedStart`; 126 and 127 are the shell's. */
const startFailures: readonly (number | null)[] = [70, 126, 127];

/** The module of the candidates that are deployed beside this release. */
export const deployedCandidates = (): string =>
  new URL(import.meta.url.endsWith('.cjs') ? './candidates.cjs' : './candidate-files.ts', import.meta.url)
    .href;

/** What a worker runs, where that is not this release as it is. */
export interface WorkerCode {
  /** The worker of another release. */
  readonly file?: URL;
  /** The address of a module of candidates (candidate-files.ts). */
  readonly candidates?: string;
  /** Other processes go first. */
  readonly isBackground?: boolean;
}

const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.cjs') ? './worker.cjs' : './worker.ts', import.meta.url);

function start({ memoryMb }: WorkerSettings, { file, candidates }: WorkerCode): ChildProcess {
  // A small young generation: passing buffers go early, and the process stays at 135 MB (220 MB with 32).
  const limits = [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=4'];
  const dataKb = (ownDataMb + heldMb + memoryMb) * 1024;
  const limited = process.platform === 'linux';
  return fork(file ?? workerFile(), candidates === undefined ? [] : [candidates], {
    ...(limited
      ? {
          execPath: '/bin/sh',
          execArgv: ['-c', limitedStart, 'worker', String(dataKb), process.execPath, ...limits],
        }
      : { execArgv: limits }),
    // What decodes untrusted bytes is given no secret.
    env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '2' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(file ? (['pipe'] as const) : [])],
  });
}

/** A process that makes derivatives, one image at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #settings: WorkerSettings;
  #errors = '';
  isEnded = false;
  /** Whether it was given an image. */
  isUsed = false;

  /** Throws `unavailable` where the system has no room for a process; it may say so later, too: then `run` throws it. */
  constructor(settings: WorkerSettings, code: WorkerCode = {}) {
    this.#settings = settings;
    try {
      this.#child = start(settings, code);
    } catch (cause) {
      throw notStarted(cause);
    }
    if (code.isBackground === true && this.pid !== undefined) yieldToOthers(this.pid);
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-keptErrorBytes);
    });
    // Who ends while it is given bytes breaks the pipe; `exit` tells what happened.
    this.#earlierPipe?.on('error', () => undefined);
    this.#child.on('error', () => this.end());
    this.#child.on('exit', () => (this.isEnded = true));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Of another release, whose worker may be of before 243 and read `size` bytes from its fifth file. */
  get #earlierPipe(): Writable | undefined {
    return (this.#child.stdio as ChildProcess['stdio'] | undefined)?.[4] as Writable | undefined;
  }

  /** Gives it the file to be its own. Throws when the process ends before its answer. */
  run(path: string, question: Question = {}): Promise<Answer> {
    this.isUsed = true;
    return new Promise((resolve, reject) => {
      const onMessage = (answer: Answer) => finish(() => resolve(answer));
      const onError = (cause: Error) => finish(() => reject(notStarted(cause)));
      // Not `exit`: what it wrote last is read by then.
      const onClose = (code: number | null, signal: NodeJS.Signals | null) =>
        finish(() => reject(this.#failure(code, signal)));
      const finish = (settle: () => void) => {
        this.#child.off('message', onMessage).off('error', onError).off('close', onClose);
        settle();
      };
      this.#child.on('message', onMessage).on('error', onError).on('close', onClose);
      if (this.isEnded) {
        onClose(null, 'SIGKILL');
        return;
      }
      const given = this.#earlierPipe && readFileSync(path);
      const task: Task & { size?: number } = {
        ...{ ...question, path, settings: this.#settings },
        ...(given && { size: given.length }),
      };
      // Without a process there is nothing to send to, and `error` says so.
      if (this.#child.connected) this.#child.send(task, (error) => error && this.end());
      if (given) this.#earlierPipe.write(given);
    });
  }

  /**
   * Whether all that it may have besides an image is left to the next one. What an image leaves (WebAssembly gives no
   * memory back) counts against the limit of the next. There is a limit on Linux only.
   */
  get isAtBase(): boolean {
    if (process.platform !== 'linux') return true;
    try {
      const [, dataKb] = /^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
      return Number(dataKb) <= ownDataMb * 1024;
    } catch {
      return false;
    }
  }

  /** Its memory is the system's again as soon as the kernel has ended it, whatever it is doing. */
  end(): void {
    this.isEnded = true;
    this.#child.kill('SIGKILL');
  }

  /** Lets the host end while the worker waits for its next image. */
  setWaiting(isWaiting: boolean): void {
    const channel = this.#child.channel as { ref(): void; unref(): void } | null | undefined;
    const errors = this.#child.stderr as unknown as { ref(): void; unref(): void } | null;
    for (const each of [this.#child, channel, errors]) {
      if (isWaiting) each?.unref();
      else each?.ref();
    }
  }

  /** The error for a process that ended before its answer. */
  #failure(code: number | null, signal: NodeJS.Signals | null): DarkroomError {
    const cause = new Error(`The worker ended with ${signal ?? code}: ${this.#errors}`);
    // The kernel's, where the machine has no more memory: whose fault that is, nobody knows.
    if (signal === 'SIGKILL') {
      return new DarkroomError(
        'unavailable',
        'The process that worked on the image was ended from outside; try again later.',
        { cause },
      );
    }
    if (startFailures.includes(code)) return notStarted(cause);
    // V8, GLib and C++ end a process that is refused memory, and say so.
    if (isOfMemory(cause)) return outOfMemory(cause, { memoryMb: this.#settings.memoryMb });
    return new DarkroomError(
      'processing-crashed',
      'The decoder crashed on this image: save it anew with another program and send that.',
      { cause },
    );
  }
}

function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, which its work will tell.
  }
}

const notStarted = (cause: unknown): DarkroomError =>
  new DarkroomError('unavailable', 'There is no process to work on the image; try again later.', { cause });
