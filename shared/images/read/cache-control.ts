/**
 * How long a cache that many share keeps an answer before it asks again. It bounds what an erasure cannot take back: an answer
 * that was on its way to a cache when the purge came there. Seconds.
 */
export const sharedCacheSeconds = 600;

/**
 * Caches may keep what a signed address of the present bytes shows: a person's own as long as address and image live, a
 * shared one for ten minutes of that. An address of bytes that were processed anew since shows the new ones, asked for each
 * time; with a token (`until` undefined) only the caller's own cache keeps it.
 */
export function cacheControl(
  until: Date | undefined,
  { now, deleteAt, isPresent }: { readonly now: Date; readonly deleteAt: Date; readonly isPresent: boolean },
): string {
  if (until === undefined) return 'private, no-cache';
  if (!isPresent) return 'public, no-cache';
  const end = Math.min(until.getTime(), deleteAt.getTime());
  const seconds = Math.max(0, Math.floor((end - now.getTime()) / 1000));
  return `public, max-age=${seconds}, s-maxage=${Math.min(seconds, sharedCacheSeconds)}, immutable`;
}
