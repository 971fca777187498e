import { readdirSync, readFileSync } from 'node:fs';

/** The process and what it started, from `/proc`. */
export function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(treeOf)];
}

/** Sums a field of `/proc/PID/status` in MB; undefined when a process ends meanwhile. */
function sum(pid: number, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const kilobytes = treeOf(pid).map((each) => {
      const status = readFileSync(`/proc/${each}/status`, 'utf8');
      return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
    });
    return kilobytes.reduce((total, each) => total + each, 0) / 1024;
  } catch {
    return undefined;
  }
}

/** Memory that a process and what it started hold now, in MB. */
export const residentMegabytes = (pid: number): number | undefined => sum(pid, 'VmRSS');

/** The most that each of them ever held, together, in MB. */
export const peakMegabytes = (pid: number): number => sum(pid, 'VmHWM') ?? 0;
