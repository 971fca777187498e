import { defaultStateDir, runningStack } from '../../infra/local/supervisor/state.ts';
import { shiftedClock, systemClock, type Clock } from '../../shared/platform/clock.ts';
import { clockOffset } from '../../shared/platform/clock-offset.ts';
import { openDatabase } from '../../shared/database/open.ts';
import type { Database } from '../../shared/database/port.ts';
import type { LakeStore } from '../../shared/lake/store/port.ts';
import { requireLakeStore } from '../../shared/lake/open.ts';
import { databaseAddress } from './database.ts';

export const storageOption = [
  '--storage <account>',
  'https://ACCOUNT.blob.core.windows.net or a connection string (else DARKROOM_LAKE_STORAGE, else the stack that runs here)',
] as const;

/** The lake that a command is about. */
export function lakeStore(given: string | undefined): LakeStore {
  const account = given ?? process.env['DARKROOM_LAKE_STORAGE'] ?? runningStack(defaultStateDir())?.storage;
  if (account === undefined) {
    throw new Error('No stack runs here. Start one with "npm start", or say --storage ACCOUNT.');
  }
  return requireLakeStore({
    DARKROOM_LAKE_STORAGE: account,
    DARKROOM_LAKE_CLIENT_ID: process.env['DARKROOM_LAKE_CLIENT_ID'],
  });
}

export async function withDatabase<T>(
  given: string | undefined,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = openDatabase({
    DARKROOM_DATABASE: databaseAddress(given),
    DARKROOM_DATABASE_CLIENT_ID: process.env['DARKROOM_DATABASE_CLIENT_ID'],
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** The stack's clock, which a demo may have moved. */
export const stackClock = (): Clock =>
  runningStack(defaultStateDir()) === undefined
    ? systemClock
    : shiftedClock(clockOffset(`${defaultStateDir()}/clock-offset`));
