import type { Database } from '../../../database/port.ts';
import { hour } from '../../../platform/clock.ts';
import { hubs, retentionHours } from '../../../stream/hubs.ts';
import type { ExpiredUploads } from '../../receive/uploads/uploads.ts';
import type { Inventory } from '../../store/inventory.ts';
import { stagedLifetimeMs } from './discard-staged.ts';

export interface SweepDueDependencies {
  readonly database: Database;
  readonly inventory: Pick<Inventory, 'readFirstSeen'>;
  readonly uploads: ExpiredUploads;
}

const theEnd = new Date(8_640_000_000_000_000);

/** When the sweep has something to do next, though nothing changes; undefined when it has not. */
export async function nextSweepDue({
  database,
  inventory,
  uploads,
}: SweepDueDependencies): Promise<Date | undefined> {
  const [stored] = await database.query('storage_writer', 'images', {
    where: [{ column: 'status', operator: '=', value: 'stored' }],
    orderBy: [['uploaded_at', 'asc']],
    limit: 1,
  });
  const [payload] = await database.query('storage_writer', 'dead_letter_payloads', {
    where: [{ column: 'claim_check', operator: 'is not null' }],
    orderBy: [['expires_at', 'asc']],
    limit: 1,
  });
  const times = [
    ...(stored ? [stored.uploaded_at.getTime() + retentionHours[hubs.processing] * hour] : []),
    ...(payload ? [payload.expires_at.getTime()] : []),
    ...Object.values(await inventory.readFirstSeen()).map((seen) => Date.parse(seen) + stagedLifetimeMs),
  ];
  for await (const { expiresAt } of uploads.list(theEnd)) times.push(Date.parse(expiresAt));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}
