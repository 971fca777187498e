import type { Log } from '../../shared/platform/log.ts';
import { composition } from '../composition.ts';

/** What was erased is erased, published or not: the next checkpoint takes the entries up. */
export async function publishAfterPurge(log: Log): Promise<void> {
  try {
    await (await composition.ledger()).publishCheckpoint(log);
  } catch (error) {
    log.error('purge.not-published', error);
  }
}
