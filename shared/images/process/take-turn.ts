import type { BatchOptions } from '../../stream/batch.ts';
import type { IncomingRecord } from '../../stream/record.ts';
import type { Lane } from './process-record.ts';
import { parseProcessingMessage } from './processing-message.ts';
import type { WorkerTurns, WorkerWork } from './worker-turns.ts';

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

/** When a lane's records have their turn in the workers that all lanes of the process share, and which have none here. */
export const turnsOfLane = (
  lane: Lane,
  turns: WorkerTurns,
): Required<Pick<BatchOptions, 'turn' | 'isPassedOn'>> => ({
  turn: (record, work) => turns.take(workOf(lane, record), work),
  isPassedOn: (record) => turns.isCrowded(workOf(lane, record)),
});
