/** The steps of "Restoring the database" in docs/disaster-recovery.md, by their names there; a test holds them alike. */
export const restoreSteps = [
  'Restore',
  'Name the log anew',
  'Start',
  'Replay the ledger',
  'Export',
  'Sweep',
  'Look',
] as const;

export type RestoreStep = (typeof restoreSteps)[number];

/** Something that a restore has to come to, and what it came to. */
export interface Comparison {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface RestoreReport {
  readonly steps: readonly {
    readonly step: RestoreStep;
    readonly what: string;
    readonly milliseconds: number;
  }[];
  readonly compared: readonly Comparison[];
  /** Comparisons that differ. */
  readonly wrong: number;
}
