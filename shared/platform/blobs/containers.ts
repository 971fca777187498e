/**
 * Blob containers; `deadLetters` holds the records of dead letters (a claim check each), `uploads`
 * what resumable uploads need until they are images, `operations` what engineers set going and what is measured, `activity`
 * what is known of the database without asking it.
 */
export const containers = {
  raw: 'raw',
  processed: 'processed',
  deadLetters: 'dead-letters',
  uploads: 'uploads',
  operations: 'operations',
  activity: 'activity',
  lake: 'lake',
} as const;

/** In an account of its own, or under a policy that lets nobody change what is in it: the log of erasures. */
export const ledgerContainer = 'ledger';

export type Container = (typeof containers)[keyof typeof containers];
