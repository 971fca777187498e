import { hour } from '../../../platform/clock.ts';
import { hubs, retentionHours, type Hub } from '../../../stream/hubs.ts';
import { flowOf } from '../../process/lanes.ts';
import { deferredEvent } from '../../process/processing-message.ts';
import type { SweepDependencies } from './dependencies.ts';

interface Work {
  readonly image_id: string;
  readonly correlation_id: string;
  readonly owner: string;
}

async function send({ events, log }: SweepDependencies, hub: Hub, found: string, work: Work): Promise<void> {
  const [imageId, correlationId] = [work.image_id, work.correlation_id];
  log.warn(found, { imageId, correlationId });
  await events.send(hub, deferredEvent({ imageId, correlationId, flow: flowOf(work.owner) }));
}

/** Images that are `stored` for longer than a hub keeps an event: theirs was lost, and is sent again, behind new ones. Answers how many. */
export async function resendStored(dependencies: SweepDependencies, dryRun: boolean): Promise<number> {
  const { database, clock } = dependencies;
  const before = new Date(clock.now().getTime() - retentionHours[hubs.processing] * hour);
  let stale = 0;
  const rows = database.stream('storage_writer', 'images', {
    where: [
      { column: 'status', operator: '=', value: 'stored' },
      { column: 'uploaded_at', operator: '<', value: before },
    ],
  });
  for await (const batch of rows) {
    stale += batch.length;
    for (const row of dryRun ? [] : batch) await send(dependencies, hubs.slow, 'sweep.work-lost', row);
  }
  return stale;
}

/**
 * Images that are `processed`, of which a derivative is not in the store: they are processed again where the original is
 * there. Answers how many lack one.
 */
export async function remakeDerivatives(
  dependencies: SweepDependencies,
  { derived, raw }: { readonly derived: ReadonlySet<string>; readonly raw: ReadonlySet<string> },
  begun: Date,
  dryRun: boolean,
): Promise<number> {
  const { database } = dependencies;
  const lacking = new Set<string>();
  const where = [{ column: 'created_at', operator: '<', value: begun }] as const;
  for await (const batch of database.stream('storage_writer', 'image_variants', { where })) {
    for (const row of batch) if (!derived.has(row.path)) lacking.add(row.image_id);
  }
  for (const imageId of dryRun ? [] : lacking) {
    if (!raw.has(imageId)) continue;
    const of = [{ column: 'image_id', operator: '=', value: imageId }] as const;
    const [row] = await database.query('storage_writer', 'images', { where: of, limit: 1 });
    if (row?.status === 'processed')
      await send(dependencies, hubs.reprocessing, 'sweep.derivative-missing', row);
  }
  return lacking.size;
}
