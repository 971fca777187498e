import type { Snapshot } from './snapshot.ts';

/** `error`: somebody can do what they must not. `warning`: something will break or be slow. `hint`: look at it. */
export type Level = 'error' | 'warning' | 'hint';

export interface Found {
  readonly object: string;
  readonly detail: string;
}

export interface Rule {
  readonly name: string;
  readonly level: Level;
  readonly why: string;
  readonly fix: string;
  readonly find: (snapshot: Snapshot) => readonly Found[];
}
