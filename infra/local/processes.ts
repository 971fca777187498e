import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process has this number now; whose it is, `startOf` tells. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process started, as the system tells it, to tell it from a later one of its number: in a container that starts again
 * the numbers are the same. Undefined where there is none, or nothing tells.
 */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
      );
    // The name in brackets may hold anything. Behind it, the 20th field is the start, in ticks since the system's own.
    const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}
