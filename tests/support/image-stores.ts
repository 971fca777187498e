import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { openDatabase } from '../../shared/database/open.ts';
import type { Database } from '../../shared/database/port.ts';
import { imageMaker } from './images.ts';
import { emptyStores, startStores, type TestStores } from './stores.ts';

interface ImageStores {
  readonly stores: TestStores;
  readonly database: Database;
  readonly images: ReturnType<typeof imageMaker>;
}

/** Stores for all tests of a file, emptied before each; what it answers is there once they run. */
export function useImageStores(): () => ImageStores {
  let given: ImageStores;
  beforeAll(async () => {
    const stores = await startStores();
    const database = openDatabase({ DARKROOM_DATABASE: stores.database });
    given = { stores, database, images: imageMaker(stores.storage, database) };
  }, 180_000);
  afterAll(async () => {
    await given.database.close();
    await given.stores.stop();
  });
  beforeEach(() => emptyStores(given.stores));
  return () => given;
}
