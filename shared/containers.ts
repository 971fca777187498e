/** Blob containers; `deadLetters` holds payloads too large for the dead-letter hub (a claim check each). */
export const containers = {
  raw: 'raw',
  processed: 'processed',
  deadLetters: 'dead-letters',
  lake: 'lake',
} as const;

export type Container = (typeof containers)[keyof typeof containers];
