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
  /** The lengths of these together; one whose length is deferred counts as the longest there may be. */
  maxOpenBytes: 16 * 1024 ** 3,
  /** That one final upload is joined from. */
  maxPartials: 100,
  /** An upload that is not finished is gone after this. Milliseconds. */
  lifetimeMs: 24 * hour,
  /** A request for the offset lets the one that writes go on for this long before it ends it. Milliseconds. */
  askGraceMs: 250,
  /** A request that writes ends one before it that has received nothing for this long. Milliseconds. */
  silentMs: 2_000,
  /** How long it waits for one that does receive, and is then refused. Milliseconds. */
  maxWaitMs: 5_000,
  /** The lease of a writer elsewhere is broken after this: longer than `flushAfterMs`, so that each writer gets on. */
  takeOverAfterMs: 3_000,
} as const;
