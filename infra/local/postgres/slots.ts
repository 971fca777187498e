import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isInitialised } from './data-directory.ts';

/** Two servers: one is the primary, the other its standby, and they may change places. */
export const slots = ['one', 'two'] as const;
export type Slot = (typeof slots)[number];

export const peerOf = (slot: Slot): Slot => (slot === 'one' ? 'two' : 'one');
export const dataOf = (folder: string, slot: Slot): string => join(folder, slot);

const isStandby = (data: string): boolean => existsSync(join(data, 'standby.signal'));

/** Rises with each promotion; the first one has no history. */
function timelineOf(data: string): number {
  const files = readdirSync(join(data, 'pg_wal')).filter((name) => name.endsWith('.history'));
  return Math.max(1, ...files.map((name) => Number.parseInt(name, 16)));
}

/** What a server has to do first: make the database, copy that of its peer, or go on as what it was. */
export type Task = 'initialise' | 'copy' | 'standby' | 'primary';

export function taskOf(folder: string, slot: Slot): Task {
  const [own, peer] = [dataOf(folder, slot), dataOf(folder, peerOf(slot))];
  if (!isInitialised(own)) return slot === 'one' && !isInitialised(peer) ? 'initialise' : 'copy';
  if (isStandby(own)) return 'standby';
  // The peer was promoted while this one was down: what it has is the past.
  const isSuperseded = isInitialised(peer) && !isStandby(peer) && timelineOf(peer) > timelineOf(own);
  return isSuperseded ? 'copy' : 'primary';
}

/** The server that takes writes. */
export const primaryOf = (folder: string): Slot =>
  slots.find((slot) => ['initialise', 'primary'].includes(taskOf(folder, slot))) ?? 'one';
