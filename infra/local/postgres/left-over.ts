import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../processes.ts';

/** The command line of a process; undefined where it cannot be read. */
async function commandOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]);
    return stdout;
  } catch {
    return undefined;
  }
}

/** How long it may take to write everything down, and to end at all. Milliseconds. */
const limits = { fastMs: 5_000, endMs: 20_000 } as const;

/** A server whose starter was killed still runs on the directory: it is stopped. */
export async function stopLeftOver(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  // Numbers of processes are used again: only one that runs on this directory is ours.
  if (!Number.isSafeInteger(pid) || pid <= 0 || !(await commandOf(pid))?.includes(data)) return;
  process.kill(pid, 'SIGINT');
  const began = performance.now();
  let isTold = false;
  while (isAlive(pid)) {
    const waited = performance.now() - began;
    if (waited > limits.endMs) process.kill(pid, 'SIGKILL');
    else if (waited > limits.fastMs && !isTold) {
      process.kill(pid, 'SIGQUIT');
      isTold = true;
    }
    await wait(50);
  }
}
