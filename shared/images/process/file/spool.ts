import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { DarkroomError } from '../../../platform/errors.ts';
import { memo } from '../../../platform/memo.ts';
import { diskFailure, isOfSystem } from './failures.ts';

/** Bytes that are read when there is room for them, `size` in all. */
export interface UnreadBytes {
  readonly size: number;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

export type ImageBytes = Uint8Array | UnreadBytes;

/** Of files that are larger, few are on the disk at a time: for more there is no room on a small instance. Bytes. */
const largeBytes = 64 * 1_048_576;
/** So the last of as many as there are workers waits for one other, as an invocation's budget has it (time-budget.ts). */
const largeAtOnce = (workers: number): number => Math.ceil(workers / 2);
/** A file that any disk has room for which is not full. Bytes. */
const probeBytes = 1_048_576;
/** Of the folders, one for each process. */
export const spoolPrefix = 'darkroom-images-';
/** Of this process, which another one of its number did not begin at the same time. */
const own = `${spoolPrefix}${process.pid}-${Math.round(performance.timeOrigin)}-`;

export const sizeOf = (bytes: ImageBytes): number =>
  bytes instanceof Uint8Array ? bytes.byteLength : bytes.size;

export interface Spool {
  /**
   * Keeps the bytes in a file while `work` is given its path; afterwards it is gone. Throws `storage-full` where the disk has
   * no room, `unavailable` where it cannot be used, the signal's reason, and what reading them throws.
   */
  use<R>(bytes: ImageBytes, signal: AbortSignal, work: (path: string) => Promise<R>): Promise<R>;
  /** Whether a small file has room now: then one that has none is too large for this disk. */
  hasRoom(): Promise<boolean>;
  close(): Promise<void>;
}

/** Where images are while they are processed: so they cost no process memory, whatever they weigh. */
export function makeSpool({ workers = 1, parent = tmpdir() } = {}): Spool {
  const folder = memo(async () => {
    removeLeftovers(parent);
    return mkdtemp(join(parent, own));
  });
  const large = pLimit(largeAtOnce(workers));
  let files = 0;

  async function withFile<R>(
    bytes: ImageBytes,
    signal: AbortSignal,
    work: (path: string) => Promise<R>,
  ): Promise<R> {
    let path = '';
    try {
      path = join(await folder(), `${files++}`);
      const data = bytes instanceof Uint8Array ? bytes : whole(bytes);
      await writeFile(path, data, { flag: 'wx', mode: 0o600, signal });
      return await work(path);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw isOfSystem(error) ? diskFailure(error) : error;
    } finally {
      if (path !== '') await rm(path, { force: true });
    }
  }

  return {
    use(bytes, signal, work) {
      const run = () => withFile(bytes, signal, work);
      return sizeOf(bytes) > largeBytes ? large(run) : run();
    },
    async hasRoom() {
      const { signal } = new AbortController();
      return withFile(new Uint8Array(probeBytes), signal, () => Promise.resolve(true)).catch(() => false);
    },
    async close() {
      const made = await folder().catch(() => undefined);
      // What is ended at this moment may still make a file.
      if (made !== undefined) await rm(made, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** What images have on the disk at once: one in each worker, and one that waits for it. Bytes. */
export function roomFor(maxImageBytes: number, workers: number) {
  const large = largeAtOnce(workers);
  const small = 2 * workers - large;
  return { large, small, bytes: large * maxImageBytes + small * Math.min(largeBytes, maxImageBytes) };
}

/** Throws where the whole disk has less than that: what is accepted could not be processed there. */
export function requireRoom(maxImageBytes: number, workers: number, parent = tmpdir()): void {
  const { blocks, bsize } = statfsSync(parent);
  const { large, small, bytes } = roomFor(maxImageBytes, workers);
  if (bytes <= blocks * bsize) return;
  throw new Error(
    `The disk of ${parent} is too small for the images that are processed at once: ${large} of ${maxImageBytes} bytes ` +
      `(DARKROOM_MAX_IMAGE_BYTES) and ${small} of ${largeBytes} are ${bytes} bytes, and it has ${blocks * bsize}. ` +
      'Make the setting smaller, or TMPDIR a folder on a larger disk.',
  );
}

async function* whole(bytes: UnreadBytes): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const chunk of await bytes.open()) {
    seen += chunk.byteLength;
    if (seen > bytes.size) break;
    yield chunk;
  }
  if (seen !== bytes.size) throw new DarkroomError('unavailable', 'The image changed while it was read.');
}

/** Of processes that were killed: bytes of images, which may be erased by now. */
export function removeLeftovers(parent = tmpdir()): void {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${spoolPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || name.startsWith(own)) continue;
    if (Number(pid) === process.pid || !isRunning(Number(pid))) tryToRemove(join(parent, name));
  }
}

function tryToRemove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another user's of this machine, who removes it.
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's.
    return (error as { code?: string }).code === 'EPERM';
  }
}
