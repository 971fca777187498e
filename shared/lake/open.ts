import type { Clock } from '../platform/clock.ts';
import type { Settings } from '../platform/config.ts';
import type { Database } from '../database/port.ts';
import { DarkroomError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { blobService } from '../platform/blobs/blob-service.ts';
import type { LakeEraser } from '../images/erase/lake-eraser.ts';
import type { LakeStore } from './store/port.ts';
import { makeLakeStore } from './store/store.ts';
import { compactLake, type Compaction } from './compact.ts';
import { makeLakeEraser } from './erase-images.ts';
import { exportTable, type ExportOptions, type TableExport } from './export-table.ts';
import { reconcileImages, type Reconciliation } from './reconcile-images.ts';
import { lakeTables } from './schema.ts';

export interface LakeExports {
  /** Every table in turn; one that fails does not keep the others back, and is thrown at the end. */
  readonly exportAll: (log: Log, options?: ExportOptions) => Promise<TableExport[]>;
  readonly compact: () => Promise<Compaction[]>;
  /** Takes out of the lake the images that the database does not have. */
  readonly reconcileImages: () => Promise<Reconciliation>;
}

export interface LakeExportsOptions {
  readonly store: LakeStore;
  readonly database: Database;
  readonly clock: Clock;
}

type LakeSettings = Pick<Settings, 'DARKROOM_LAKE_STORAGE' | 'DARKROOM_LAKE_CLIENT_ID'>;

/** The lake under the lake writer's identity; undefined where no lake is configured. */
function openLakeStore(settings: LakeSettings): LakeStore | undefined {
  const { DARKROOM_LAKE_STORAGE: account, DARKROOM_LAKE_CLIENT_ID: clientId } = settings;
  return account === undefined ? undefined : makeLakeStore(blobService(account, clientId));
}

/** What takes image rows out of the lake, where there is one. */
export function openLakeEraser(settings: LakeSettings): LakeEraser | undefined {
  const store = openLakeStore(settings);
  return store === undefined ? undefined : makeLakeEraser(store);
}

export function requireLakeStore(settings: LakeSettings): LakeStore {
  const store = openLakeStore(settings);
  if (store === undefined) {
    throw new DarkroomError('unavailable', 'No lake is configured here: DARKROOM_LAKE_STORAGE is not set.');
  }
  return store;
}

export function openLakeExports({ store, database, clock }: LakeExportsOptions): LakeExports {
  return {
    async exportAll(log, options) {
      const results: TableExport[] = [];
      const failures: unknown[] = [];
      for (const table of lakeTables) {
        try {
          const result = await exportTable({ store, database, clock }, table, options);
          results.push(result);
          log.info('warehouse.exported', { ...result });
        } catch (error) {
          failures.push(error);
          log.error('warehouse.failed', error, { table });
        }
      }
      if (failures.length > 0) throw failures[0];
      return results;
    },
    compact: () => compactLake({ store, clock }),
    reconcileImages: () => reconcileImages({ store, database }),
  };
}
