import { existsSync, readFileSync } from 'node:fs';
import { ownMegabytes, treeOf } from '../support/process-memory.ts';

/** Resident memory of the functions host by what its processes are, in MB. */
export interface HostMemory {
  readonly host: number;
  readonly worker: number;
  /** The processes that decode images; they start with the first image. */
  readonly decoders: number;
}

/** What has ended meanwhile was a decoder: host and worker must not. */
function kindOf(pid: number): keyof HostMemory {
  const file = `/proc/${pid}/cmdline`;
  const command = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (command.includes('functions-host/main.ts')) return 'host';
  return command.includes('functions-host/worker/main.ts') ? 'worker' : 'decoders';
}

export function memoryOf(pid: number): HostMemory {
  const memory = { host: 0, worker: 0, decoders: 0 };
  for (const each of treeOf(pid)) memory[kindOf(each)] += Math.round(ownMegabytes(each));
  return memory;
}

export const shownMemory = ({ host, worker, decoders }: HostMemory): string =>
  `${host + worker + decoders} MB (host ${host}, worker ${worker}, decoders ${decoders})`;

/**
 * What V8 leaves uncollected in two processes differs by this from round to round (docs/performance.md); the short form ends before
 * they have all their code compiled.
 */
export const maxGrowthMb = { whole: 100, short: 200 } as const;

/** How much host and worker have after the last round above what they had after the second, in MB. */
export function growthOf(memories: readonly HostMemory[]): number {
  const [second, last] = [memories[1] ?? memories.at(-1)!, memories.at(-1)!];
  return last.host + last.worker - second.host - second.worker;
}
