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

/** Of files that are larger, one is on the disk at a time: for more there is no room on a small instance. Bytes. */
export const largeBytes = 64 * 1_048_576;
const prefix = 'darkroom-images-';
/** Of this process, which another one of its number did not begin at the same time. */
const own = `${prefix}${process.pid}-${Math.round(performance.timeOrigin)}-`;

export const sizeOf = (bytes: ImageBytes): number =>
  bytes instanceof Uint8Array ? bytes.byteLength : bytes.size;

export interface Spool {
  /**
   * Keeps the bytes in a file while `work` is given its path; afterwards it is gone. Throws `storage-full` where the disk has
   * no room, `unavailable` where it cannot be used, the signal's reason, and what reading them throws.
   */
  use<R>(bytes: ImageBytes, signal: AbortSignal, work: (path: string) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** Where images are while they are processed: so they cost no process memory, whatever they weigh. */
export function makeSpool(parent = tmpdir()): Spool {
  const folder = memo(() => {
    removeLeftovers(parent);
    return mkdtemp(join(parent, own));
  });
  const large = pLimit(1);
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
    close: async () => rm(await folder(), { recursive: true, force: true }),
  };
}

/**
 * Throws where the whole disk is less than images at once may have, one that is as large as one may be and small ones: what
 * is accepted could not be processed there.
 */
export function requireRoom(maxImageBytes: number, atOnce: number, parent = tmpdir()): void {
  const { blocks, bsize } = statfsSync(parent);
  const needed = maxImageBytes + (atOnce - 1) * Math.min(largeBytes, maxImageBytes);
  if (needed <= blocks * bsize) return;
  throw new Error(
    `The disk of ${parent} is too small for the images that are processed at once: one of ${maxImageBytes} bytes ` +
      `(DARKROOM_MAX_IMAGE_BYTES) and ${atOnce - 1} of ${largeBytes} are ${needed} bytes, and it has ${blocks * bsize}. ` +
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

/** Of processes that were killed. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || name.startsWith(own)) continue;
    if (Number(pid) === process.pid || !isRunning(Number(pid)))
      rmSync(join(parent, name), { recursive: true, force: true });
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
