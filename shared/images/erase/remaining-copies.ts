import { hour, minute } from '../../platform/clock.ts';
import { hubs, retentionHours } from '../../stream/hubs.ts';
import type { ImageDetail } from '../store/ports.ts';

/** A copy that an erasure cannot reach: a hub is a log that only time erases, and a purge of a CDN takes a while. */
export interface RemainingCopy {
  /** The hub's name, or `cdn`. */
  readonly copy: string;
  readonly until: Date;
}

/** Front Door says that a purge reaches every edge within about ten minutes of being accepted. */
const cdnPurgeMs = 10 * minute;

/**
 * What may still be held of an erased image, and until when: the stream's event (bytes when it came through Kafka, else
 * an id and an owner) and cached answers. What holds ids only, as dead letters do, is not named: an id of nothing tells
 * nothing.
 */
export function remainingCopies(
  { uploadedAt }: Pick<ImageDetail, 'uploadedAt'>,
  { now, isCached }: { readonly now: Date; readonly isCached: boolean },
): RemainingCopy[] {
  const copies: readonly (readonly [copy: string, until: number])[] = [
    [hubs.stream, uploadedAt.getTime() + retentionHours[hubs.stream] * hour],
    ['cdn', isCached ? now.getTime() + cdnPurgeMs : 0],
  ];
  return copies
    .filter(([, until]) => until > now.getTime())
    .map(([copy, until]) => ({ copy, until: new Date(until) }));
}
