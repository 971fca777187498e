import { systemClock } from '../../shared/platform/clock.ts';
import { openDatabase } from '../../shared/database/open.ts';
import type { Database } from '../../shared/database/port.ts';
import { seedDatabase } from '../../shared/database/seed/seed.ts';
import type { LakeStore } from '../../shared/lake/store/port.ts';
import { exportTable, type TableExport } from '../../shared/lake/export-table.ts';
import { requireLakeStore } from '../../shared/lake/open.ts';
import { lakeTables } from '../../shared/lake/schema.ts';
import { openLakeCopy, type LocalLake } from '../../infra/local/lake/open.ts';
import { verifyLake, type LakeCheck } from '../../infra/local/lake/verify.ts';
import { settled } from './postgres.ts';
import { startStores, type TestStores } from './stores.ts';

export interface TestWarehouse {
  readonly stores: TestStores;
  readonly database: Database;
  readonly store: LakeStore;
  exportAll(parts?: { store?: LakeStore; database?: Database }): Promise<TableExport[]>;
  /** Opens a copy of the lake for the time of the work. */
  inLake<T>(work: (lake: LocalLake) => Promise<T>): Promise<T>;
  verify(): Promise<LakeCheck>;
  stop(): Promise<void>;
}

/** Real stores with seeded orders of the last `days` days, and their warehouse. */
export async function startWarehouse(orders: number, days: number): Promise<TestWarehouse> {
  const stores = await startStores();
  const database = settled(openDatabase({ DARKROOM_DATABASE: stores.database }), stores);
  const store = requireLakeStore({
    DARKROOM_LAKE_STORAGE: stores.storage,
    DARKROOM_LAKE_CLIENT_ID: undefined,
  });
  const plan = { members: 200, products: 50, transactions: orders, years: days / 365 };
  await seedDatabase(stores.owner, plan);
  const inLake = async <T>(work: (lake: LocalLake) => Promise<T>): Promise<T> => {
    const lake = await openLakeCopy(store);
    try {
      return await work(lake);
    } finally {
      await lake.close();
    }
  };
  return {
    stores,
    database,
    store,
    async exportAll(parts = {}) {
      const done: TableExport[] = [];
      for (const table of lakeTables) {
        done.push(await exportTable({ database, store, clock: systemClock, ...parts }, table));
      }
      return done;
    },
    inLake,
    verify: () => inLake((lake) => verifyLake(database, lake)),
    async stop() {
      await database.close();
      await stores.stop();
    },
  };
}
