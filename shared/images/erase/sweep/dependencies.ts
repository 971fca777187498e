import type { Database } from '../../../database/port.ts';
import { hour, type Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { EventSender } from '../../../stream/event-sender.ts';
import type { Inventory } from '../../store/inventory.ts';
import type { StorageWriter } from '../../store/ports.ts';
import type { Erase } from '../erase.ts';

export interface SweepDependencies {
  readonly inventory: Inventory;
  readonly database: Database;
  readonly erase: Erase;
  readonly events: EventSender;
  readonly writer: Pick<StorageWriter, 'recordFailed'>;
  readonly expireUploads: (dryRun: boolean) => Promise<number>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is younger may be on its way between two steps. Milliseconds. */
export const graceMs = hour / 4;

/** Old enough to be looked at, by the system's clock, for that is what dates blobs. */
export const isSettled = ({ modifiedAt }: { readonly modifiedAt: Date }): boolean =>
  Date.now() - modifiedAt.getTime() > graceMs;

export const actor = 'service:purge';
