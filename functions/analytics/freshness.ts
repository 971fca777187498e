import type { Database } from '../../shared/database/port.ts';
import type { Clock } from '../../shared/platform/clock.ts';

/** Asked before the figures of an answer are read: they are at least as fresh as it says. */
export async function freshnessOf(database: Database, clock: Clock) {
  const { source, lagMs, isConnected } = await database.freshness('analytics');
  return {
    asOf: new Date(clock.now().getTime() - (lagMs ?? 0)).toISOString(),
    source: { kind: source, lagSeconds: lagMs === undefined ? null : lagMs / 1_000, isConnected },
  };
}
