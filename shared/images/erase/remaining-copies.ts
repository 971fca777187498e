import { hour, minute } from '../../platform/clock.ts';
import { requestTimes } from '../../platform/http/limits.ts';
import type { ImageSource } from '../../platform/image-origin.ts';
import { hubs, retentionHours } from '../../stream/hubs.ts';
import { sharedCacheSeconds } from '../read/cache-control.ts';
import { lastExpiry } from '../read/signed-url.ts';

/** A copy that an erasure cannot reach: a hub is a log that only time erases, and a purge of a CDN takes a while. */
export interface RemainingCopy {
  /** The hub's name, `cdn`, or `browser`. */
  readonly copy: string;
  readonly until: Date;
}

/**
 * A purge reaches every edge of Front Door within about ten minutes, and an answer that was on its way to an edge meanwhile is
 * kept there after it. Neither outlasts this: the longest answer, and what it may be kept for.
 */
const cdnMs = (requestTimes.edgeSeconds + sharedCacheSeconds) * 1000;

/** `deleteAt` is undefined of a record that never became an image, which nobody could look at. */
export interface Erased {
  readonly uploadedAt: Date;
  readonly deleteAt?: Date;
  readonly source?: ImageSource;
}

/** An erasure is told within a minute. */
const toldWithinMs = minute;

/**
 * What may still be held of an erased image, and until when: the stream's event (bytes when it came through Kafka, else
 * an id and an owner), what its sender by Kafka is told (an id and a key), and cached answers, in the CDN and with those who looked at it. What holds ids only, as dead letters
 * do, is not named: an id of nothing tells nothing.
 */
export function remainingCopies(
  { uploadedAt, deleteAt, source }: Erased,
  { now, isCached }: { readonly now: Date; readonly isCached: boolean },
): RemainingCopy[] {
  // No answer is kept past the address that it was asked for by.
  const seen = deleteAt === undefined ? 0 : lastExpiry(now, deleteAt).getTime();
  const copies: readonly (readonly [copy: string, until: number])[] = [
    [hubs.stream, uploadedAt.getTime() + retentionHours[hubs.stream] * hour],
    [
      hubs.outcomes,
      source === 'kafka' ? now.getTime() + toldWithinMs + retentionHours[hubs.outcomes] * hour : 0,
    ],
    ['cdn', isCached ? Math.min(now.getTime() + cdnMs, seen + requestTimes.edgeSeconds * 1000) : 0],
    ['browser', seen],
  ];
  return copies
    .filter(([, until]) => until > now.getTime())
    .map(([copy, until]) => ({ copy, until: new Date(until) }));
}
