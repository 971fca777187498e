import type { Clock } from '../../platform/clock.ts';
import { containers } from '../../platform/blobs/containers.ts';
import type { Database } from '../../database/port.ts';
import type { Log } from '../../platform/log.ts';
import type { ErasureTarget } from './erasure-target.ts';
import type { Erase } from './erase.ts';
import { imageBlobs } from './image-blobs.ts';
import type { ErasureKind } from './ledger/leaf.ts';

export interface PurgeDependencies {
  readonly database: Database;
  readonly erase: Erase;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PurgeReport {
  readonly dryRun: boolean;
  /** Images whose time is up that were looked at. */
  readonly due: number;
  /** Images erased; in a dry run, that would be. */
  readonly erased: number;
  readonly blobs: number;
  readonly bytes: number;
  /** Images that could not be erased; the next run tries again. */
  readonly failed: number;
  /** True when it stopped at its deadline with more to do. */
  readonly unfinished: boolean;
}

export interface PurgeOptions {
  readonly dryRun?: boolean;
  readonly actor?: string;
  /** When to stop, by the system's clock; what is left is for the next run. Milliseconds since 1970. */
  readonly until?: number;
}

const pageSize = 1000;

async function duePage(
  database: Database,
  now: Date,
  after: ErasureTarget | undefined,
): Promise<ErasureTarget[]> {
  const rows = await database.query('storage_writer', 'images', {
    where: [{ column: 'delete_at', operator: '<=', value: now }],
    orderBy: [
      ['delete_at', 'asc'],
      ['image_id', 'asc'],
    ],
    ...(after === undefined ? {} : { after: [after.deleteAt, after.imageId] }),
    limit: pageSize,
  });
  return rows.map((row) => ({
    imageId: row.image_id,
    uploadedAt: row.uploaded_at,
    deleteAt: row.delete_at,
    bytes: row.status === 'rejected' ? null : row.bytes,
  }));
}

/** Erasures of a kind that something interrupted: they are marked, and in the ledger once they have ended. */
async function interrupted(database: Database, kind: ErasureKind): Promise<ErasureTarget[]> {
  const rows = await database.query('storage_writer', 'erasures', {
    where: [{ column: 'kind', operator: '=', value: kind }],
    limit: pageSize,
  });
  return rows.map((row) => ({
    ...{ imageId: row.image_id, uploadedAt: row.uploaded_at, deleteAt: row.delete_at },
  }));
}

/**
 * Erases every image whose `deleteAt` has passed, oldest first, page by page. It keeps no place of its own: what is
 * erased has no row any more, so a run that dies is taken up by the next, as is every erasure that has begun and not
 * ended. An image that fails is passed over.
 */
export function makePurge({ database, erase, clock, log }: PurgeDependencies) {
  const count = async (page: readonly ErasureTarget[]) => {
    // What was rejected has no original, and for what failed it is uncertain.
    const blobs = (await imageBlobs(database, page)).filter(
      ({ container, bytes }) => container !== containers.raw || bytes > 0,
    );
    return {
      erased: page.length,
      blobs: blobs.length,
      bytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
      failed: new Map<string, unknown>(),
    };
  };

  /** All but what is due, which comes anyway. */
  const resume = async (actor: string, until: number): Promise<void> => {
    for (const kind of ['erasure', 'sweep'] as const) {
      const targets = await interrupted(database, kind);
      if (targets.length === 0 || Date.now() >= until) continue;
      const { erased, failed } = await erase(targets, kind, actor);
      log.warn('purge.resumed', { kind, erased, failed: failed.size });
      for (const [imageId, error] of failed) log.error('purge.failed', error, { imageId });
    }
  };

  return async (options: PurgeOptions = {}): Promise<PurgeReport> => {
    const { dryRun = false, actor = 'service:purge', until = Infinity } = options;
    const now = clock.now();
    if (!dryRun) await resume(actor, until);
    let report: PurgeReport = { dryRun, due: 0, erased: 0, blobs: 0, bytes: 0, failed: 0, unfinished: false };
    for (let after: ErasureTarget | undefined; ;) {
      const page = await duePage(database, now, after);
      const done = dryRun ? await count(page) : await erase(page, 'retention', actor);
      for (const [imageId, error] of done.failed) log.error('purge.failed', error, { imageId });
      report = {
        ...report,
        due: report.due + page.length,
        erased: report.erased + done.erased,
        blobs: report.blobs + done.blobs,
        bytes: report.bytes + done.bytes,
        failed: report.failed + done.failed.size,
        unfinished: page.length === pageSize && Date.now() >= until,
      };
      if (page.length > 0) log.info('purge.progress', { ...report });
      if (page.length < pageSize || report.unfinished) return report;
      after = page.at(-1);
    }
  };
}
