import { hour } from '../../../platform/clock.ts';

/** Bounds of resumable uploads. */
export const uploadLimits = {
  /** Bytes that wait longer than this are staged as a smaller block, so that a killed host loses little. Milliseconds. */
  flushAfterMs: 2_000,
  /** Past this many blocks only full ones are staged; a blob takes 50,000. */
  maxEarlyBlocks: 20_000,
  maxBlocks: 50_000,
  /** Upload-Metadata. Bytes. */
  maxMetadataBytes: 4_096,
  /** Uploads of one owner that are not finished. */
  maxOpenUploads: 100,
  /** That one final upload is joined from. */
  maxPartials: 100,
  /** An upload that is not finished is gone after this. Milliseconds. */
  lifetimeMs: 24 * hour,
} as const;
