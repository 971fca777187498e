import { hour } from '../../platform/clock.ts';
import { hubs, retentionHours, type Hub } from '../../stream/hubs.ts';
import type { ImageDetail } from '../store/ports.ts';

/** A copy that an erasure cannot reach, because a hub is a log that only time erases. */
export interface RemainingCopy {
  readonly hub: Hub;
  readonly until: Date;
}

/** Dead letters of an image die with it in our stores, but the hub's copy of them lives on until its time is up. */
function deadLetterUntil(image: ImageDetail): number {
  const died = image.timeline.filter(({ event }) => event === 'failed').map(({ at }) => at.getTime());
  return died.length === 0 ? 0 : Math.max(...died) + retentionHours[hubs.deadLetter] * hour;
}

/**
 * What hubs may still hold of an erased image, and until when: the stream's event (bytes when it came through Kafka,
 * else an id and an owner) and dead letters. What holds ids only is not named: an id of nothing tells nothing.
 */
export function remainingCopies(image: ImageDetail, now: Date): RemainingCopy[] {
  const streamUntil = image.uploadedAt.getTime() + retentionHours[hubs.stream] * hour;
  const copies: readonly (readonly [Hub, number])[] = [
    [hubs.stream, streamUntil],
    [hubs.deadLetter, deadLetterUntil(image)],
  ];
  return copies
    .filter(([, until]) => until > now.getTime())
    .map(([hub, until]) => ({ hub, until: new Date(until) }));
}

export const remainingCopiesHeader = 'darkroom-remaining';

/** `image-stream; until="2026-01-01T00:00:00.000Z", …`: a structured field (RFC 9651), one item a copy. */
export const remainingCopiesHeaderValue = (copies: readonly RemainingCopy[]): string =>
  copies.map(({ hub, until }) => `${hub}; until="${until.toISOString()}"`).join(', ');
