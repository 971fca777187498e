/** The steps of "Failing over to the paired region" in docs/disaster-recovery.md, by their names there; a test holds them alike. */
export const failoverSteps = [
  'Database',
  'Event Hubs',
  'Storage',
  'Move the work',
  'Replay the ledger',
  'Sweep',
  'Send again',
  'Look',
] as const;

export type FailoverStep = (typeof failoverSteps)[number];

/** How far each kind of image had come when the region was lost. */
export const situations = {
  copied: 'bytes and row were copied',
  rowOnly: 'row copied, bytes not',
  bytesOnly: 'bytes copied, row not',
  neither: 'answered 202, neither copied',
  hubOnly: 'sent by Kafka, only in the lost hub',
  erased: 'erased, neither the erasure nor the deletion copied',
} as const;

export type Situation = keyof typeof situations;

export interface ImageOutcome {
  readonly situation: Situation;
  readonly images: number;
  /** Whether it was whole, to the byte, before anybody sent anything again, and at the end. */
  readonly wholeAfterSweep: number;
  readonly wholeAtEnd: number;
  /** Of the erased ones: how many the replica brought back, and how many are left. */
  readonly cameBack?: number;
}

export interface RegionLossReport {
  readonly steps: readonly {
    readonly step: FailoverStep;
    readonly what: string;
    readonly milliseconds: number;
  }[];
  readonly database: { readonly tables: number; readonly same: number; readonly rowsLost: number };
  readonly storage: { readonly blobs: number; readonly same: number; readonly notCopied: number };
  readonly hubs: { readonly recordsLost: number };
  readonly lake: { readonly blobs: number; readonly same: number };
  /** The public files of the log. */
  readonly ledger: { readonly blobs: number; readonly same: number; readonly notCopied: number };
  readonly images: readonly ImageOutcome[];
  /** Acknowledged images that are neither whole at the end nor erased as they should be. */
  readonly lost: number;
  /** From the loss until the database, the API and all images worked again. */
  readonly recoveryMs: { readonly database: number; readonly api: number; readonly images: number };
}
