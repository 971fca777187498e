/**
 * Blob containers; `deadLetters` holds payloads too large for the dead-letter hub (a claim check each), `uploads`
 * what resumable uploads need until they are images.
 */
export const containers = {
  raw: 'raw',
  processed: 'processed',
  deadLetters: 'dead-letters',
  uploads: 'uploads',
  lake: 'lake',
} as const;

export type Container = (typeof containers)[keyof typeof containers];
