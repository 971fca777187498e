import { countsOf } from '../../shared/operations/lag/lag-log.ts';
import { readHubs } from '../../shared/stream/hubs.ts';
import type { Log } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';
import { lagLog } from '../lag-log.ts';
import { measuredHubState } from './composition.ts';

/** Keeps how far each reader is, a line a minute, without asking the database: it may sleep. */
export async function measureLag(log: Log): Promise<void> {
  const at = composition.clock().now();
  const stateOf = await measuredHubState();
  const states = await Promise.allSettled(readHubs.map(stateOf));
  const measured = states.filter((state) => state.status === 'fulfilled');
  for (const [index, state] of states.entries()) {
    if (state.status === 'rejected') log.error('lag.not-measured', state.reason, { hub: readHubs[index] });
  }
  // Without a point there is a gap, which is what is known.
  if (measured.length > 0)
    await (await lagLog()).addPoint({ at, hubs: measured.map(({ value }) => countsOf(value)) });
}
