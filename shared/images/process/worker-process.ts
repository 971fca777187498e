import { fork, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { DarkroomError } from '../../platform/errors.ts';
import { bytesDescriptor, type Answer, type Task, type WorkerSettings } from './protocol.ts';

/** Address space that Node, libvips and jimp's scaling thread map for writing without an image, most of it never touched. */
const ownDataMb = 896;
const keptErrorBytes = 4_096;

/**
 * The kernel refuses the worker memory past its limit (RLIMIT_DATA: native and WebAssembly memory count, asking the
 * process is not needed), and ends it before anything else where the machine itself runs out.
 */
const limitedStart =
  'ulimit -d "$1" || exit 70; shift; echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec "$@"';

const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.cjs') ? './worker.cjs' : './worker.ts', import.meta.url);

function start({ memoryMb }: WorkerSettings): ChildProcess {
  // A small young generation: passing buffers go early, and the process stays at 135 MB (220 MB with 32).
  const limits = [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=4'];
  const dataKb = (ownDataMb + memoryMb) * 1024;
  const limited = process.platform === 'linux';
  return fork(workerFile(), [], {
    ...(limited
      ? {
          execPath: '/bin/sh',
          execArgv: ['-c', limitedStart, 'worker', String(dataKb), process.execPath, ...limits],
        }
      : { execArgv: limits }),
    // What decodes untrusted bytes is given no secret.
    env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '2' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  });
}

/** A process that makes derivatives, one image at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #settings: WorkerSettings;
  #errors = '';
  isEnded = false;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    this.#child = start(settings);
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-keptErrorBytes);
    });
    // A worker that ends while it is given bytes breaks the pipe; `exit` tells what happened.
    this.#child.stdio[bytesDescriptor]?.on('error', () => undefined);
    this.#child.on('error', () => this.end());
    this.#child.on('exit', () => (this.isEnded = true));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Throws when the process ends before its answer. */
  run(bytes: Uint8Array): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onMessage = (answer: Answer) => finish(() => resolve(answer));
      const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
        finish(() => reject(this.#failure(code, signal)));
      const finish = (settle: () => void) => {
        this.#child.off('message', onMessage).off('exit', onExit);
        settle();
      };
      this.#child.on('message', onMessage).on('exit', onExit);
      if (this.isEnded) {
        onExit(null, null);
        return;
      }
      const task: Task = { size: bytes.byteLength, settings: this.#settings };
      this.#child.send(task, (error) => error && this.end());
      (this.#child.stdio[bytesDescriptor] as Writable).write(bytes);
    });
  }

  /** Its memory is the system's again as soon as the kernel has ended it, whatever it is doing. */
  end(): void {
    this.isEnded = true;
    this.#child.kill('SIGKILL');
  }

  /** Lets the host end while the worker waits for its next image. */
  setWaiting(isWaiting: boolean): void {
    const channel = this.#child.channel as { ref(): void; unref(): void } | null | undefined;
    const sockets = [this.#child.stderr, this.#child.stdio[bytesDescriptor]] as unknown as {
      ref(): void;
      unref(): void;
    }[];
    for (const each of [this.#child, channel, ...sockets]) {
      if (isWaiting) each?.unref();
      else each?.ref();
    }
  }

  /** The error for a process that ended by itself. */
  #failure(code: number | null, signal: NodeJS.Signals | null): DarkroomError {
    const cause = new Error(`The worker ended with ${signal ?? code}: ${this.#errors}`);
    const { memoryMb } = this.#settings;
    // V8, GLib and the kernel end a process that is refused memory by these.
    if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGKILL' || code === 134) {
      return new DarkroomError(
        'processing-memory',
        `Processing the image needed more than ${memoryMb} MB of memory: scale it down and send it again.`,
        { cause, details: { memoryMb } },
      );
    }
    return new DarkroomError(
      'processing-crashed',
      'The decoder crashed on this image: save it anew with another program and send that.',
      { cause },
    );
  }
}
