import { readdirSync, readFileSync } from 'node:fs';

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** The process and what it started, from `/proc`; one that has ended meanwhile started nothing. */
export const treeOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(treeOf)];

type Field = 'VmRSS' | 'VmHWM';

/** A field of `/proc/PID/status` in MB; throws when the process has ended. */
function megabytes(pid: number, field: Field): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
}

/** Summed over a process and what it started; undefined when one ends meanwhile. */
function sum(pid: number, field: Field): number | undefined {
  try {
    return treeOf(pid).reduce((total, each) => total + megabytes(each, field), 0);
  } catch {
    return undefined;
  }
}

/** Memory that this process alone holds now, in MB; 0 when it has ended. */
export function ownMegabytes(pid: number): number {
  try {
    return megabytes(pid, 'VmRSS');
  } catch {
    return 0;
  }
}

/** Memory that a process and what it started hold now, in MB. */
export const residentMegabytes = (pid: number): number | undefined => sum(pid, 'VmRSS');

/** The most that each of them ever held, together, in MB. */
export const peakMegabytes = (pid: number): number => sum(pid, 'VmHWM') ?? 0;
