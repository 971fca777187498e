import type { Database } from '../../database/port.ts';
import { minute, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { consumerGroups, type Hub } from '../../stream/hubs.ts';
import type { LagLog } from './lag-log.ts';
import { lagMarks, markedTopics } from './lag-marks.ts';
import { countsOfHub, lagPoints, pointEverySeconds } from './lag-points.ts';
import { lagTrend } from './lag-trend.ts';

export interface LagHistoryDependencies {
  readonly lagLog: Pick<LagLog, 'since'>;
  readonly database: () => Promise<Database>;
  readonly clock: Clock;
  readonly log: Log;
}

const maxChanges = 500;

/** The lag of hubs over the last minutes, where it is heading, and what was done meanwhile. */
export function makeLagHistory({ lagLog, database, clock, log }: LagHistoryDependencies) {
  /** Undefined when the database is away: that is when somebody looks at the lag. */
  async function changesSince(from: Date) {
    try {
      return await (
        await database()
      ).query('operations', 'reader_changes', {
        where: [
          { column: 'at', operator: '>=', value: from },
          { column: 'topic', operator: 'in', value: [...markedTopics] },
        ],
        orderBy: [['change_id', 'desc']],
        limit: maxChanges,
      });
    } catch (error) {
      log.error('lag.marks-unknown', error);
      return undefined;
    }
  }

  return async (hubs: readonly Hub[], minutes: number) => {
    const now = clock.now();
    const from = new Date(now.getTime() - minutes * minute);
    const [{ points, starts }, changes] = await Promise.all([lagLog.since(from), changesSince(from)]);
    return {
      ...{ asOf: now, from, everySeconds: pointEverySeconds },
      hubs: hubs.map((hub) => {
        const counts = countsOfHub(points, hub);
        const trend = lagTrend(counts, now);
        return { hub, consumerGroup: consumerGroups[hub], trend, points: lagPoints(counts) };
      }),
      marks: lagMarks(starts, changes ?? []),
      isComplete: changes !== undefined,
    };
  };
}
