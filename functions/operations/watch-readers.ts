import type { Log } from '../../shared/platform/log.ts';
import { makeWatchLogs } from '../../shared/operations/watch-logs.ts';
import { readHubs } from '../../shared/stream/hubs.ts';
import { composition } from '../composition.ts';
import { tellExpired } from '../reader-states.ts';
import type { Readers } from '../../shared/operations/readers.ts';
import { measureLag } from './measure-lag.ts';
import { lookAtReaders, positions } from './composition.ts';

/** What alerts read of pauses: one that the product made, and one that lasts longer than was said. */
async function tellPauses(readers: Pick<Readers, 'list'>, log: Log): Promise<void> {
  const now = composition.clock().now();
  for (const { hub, pause } of await readers.list()) {
    if (pause === null) continue;
    const { since, isHold, remindAt } = pause;
    if (isHold) log.warn('reader.held', { hub, since });
    else if (remindAt === null || now >= remindAt) log.warn('reader.reminder', { hub, since });
  }
}

/** Often enough for an alert, and seldom enough for what it asks of hubs and stores. Milliseconds. */
const everyMs = 55_000;
let lookedAt = -Infinity;

/** Measures the lag, says what alerts listen for, and brings readers onto a hub that was made anew. */
export async function watchReaders(log: Log): Promise<void> {
  if (performance.now() - lookedAt < everyMs) return;
  lookedAt = performance.now();
  const [places, clock] = [await positions(log, lookAtReaders()), composition.clock()];
  const watchLogs = makeWatchLogs({ ...places, tellExpired: await tellExpired(), clock, log });
  const done = await Promise.allSettled([
    measureLag(log),
    tellPauses(places.readers, log),
    ...readHubs.map(watchLogs),
  ]);
  const failed = done.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
}
