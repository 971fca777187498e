import { hour } from '../../platform/clock.ts';
import { hubs, retentionHours, type Hub } from '../../stream/hubs.ts';
import type { ImageDetail } from '../store/ports.ts';

/** A copy that an erasure cannot reach, because a hub is a log that only time erases. */
export interface RemainingCopy {
  readonly hub: Hub;
  readonly until: Date;
}

/**
 * What hubs may still hold of an erased image, and until when: the stream's event (bytes when it came through Kafka,
 * else an id and an owner). What holds ids only, as dead letters do, is not named: an id of nothing tells nothing.
 */
export function remainingCopies({ uploadedAt }: Pick<ImageDetail, 'uploadedAt'>, now: Date): RemainingCopy[] {
  const until = new Date(uploadedAt.getTime() + retentionHours[hubs.stream] * hour);
  return until > now ? [{ hub: hubs.stream, until }] : [];
}

export const remainingCopiesHeader = 'darkroom-remaining';

/** `image-stream; until="2026-01-01T00:00:00.000Z", …`: a structured field (RFC 9651), one item a copy. */
export const remainingCopiesHeaderValue = (copies: readonly RemainingCopy[]): string =>
  copies.map(({ hub, until }) => `${hub}; until="${until.toISOString()}"`).join(', ');
