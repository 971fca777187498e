import type { BatchOptions, Budget } from '../../stream/batch.ts';
import type { EventSender } from '../../stream/event-sender.ts';
import { hubs, type Hub } from '../../stream/hubs.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import type { Lane } from './process-record.ts';
import { deferredEvent, parseProcessingMessage } from './processing-message.ts';
import type { WorkerTurns, WorkerWork } from './worker-turns.ts';

type LaneTurns = Required<Pick<BatchOptions, 'turn' | 'isPassedOn'>> & Pick<Budget, 'handBack'>;

/** A bulk re-run is one flow, whoever the images belong to. What cannot be read takes no time. */
function workOf(lane: Lane, record: IncomingRecord): WorkerWork {
  const isDeferred = lane !== 'ordinary';
  try {
    const { imageId, flow = imageId, estimatedMs } = parseProcessingMessage(record.value);
    return { flow: lane === 'again' ? lane : flow, estimatedMs, isDeferred };
  } catch {
    return { flow: '', estimatedMs: 0, isDeferred };
  }
}

/**
 * When a lane's records have their turn in the workers that all lanes of the process share, which have none here, and where
 * such a one goes: from the ordinary lane behind the others, from another to where it came from.
 */
export const turnsOfLane = (lane: Lane, turns: WorkerTurns, events: EventSender): LaneTurns => ({
  turn: (record, work) => turns.take(workOf(lane, record), work),
  isPassedOn: (record) => turns.isCrowded(workOf(lane, record)),
  handBack: ({ hub, key, value, headers }) =>
    lane === 'ordinary'
      ? events.send(hubs.slow, deferredEvent(parseProcessingMessage(value)))
      : events.send(hub as Hub, { key, value, headers }),
});
