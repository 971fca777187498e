import { DarkroomError } from '../../shared/platform/errors.ts';
import type { EventSender } from '../../shared/stream/event-sender.ts';
import type { Hub } from '../../shared/stream/hubs.ts';
import type { OutgoingEvent } from '../../shared/stream/record.ts';

/** A sender that keeps what it was given, and whose hubs can be away: an outage that begins at a chosen event. */
export function recordingSender({ awayAfter = Infinity }: { awayAfter?: number } = {}) {
  const sent: { readonly hub: Hub; readonly event: OutgoingEvent }[] = [];
  const sender: EventSender = {
    send(hub, event) {
      if (sent.length >= awayAfter)
        return Promise.reject(new DarkroomError('unavailable', 'The hub is away.'));
      sent.push({ hub, event });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return { sender, sent };
}
