import type { Database } from './port.ts';

export interface DatabaseSettings {
  /** `postgres://…` for the embedded engine, `Server=…;Database=…` for Azure SQL or another TDS server. */
  readonly DARKROOM_DATABASE: string;
  readonly DARKROOM_DATABASE_CLIENT_ID?: string | undefined;
}

export interface DatabaseOptions {
  /** The user-assigned identity to sign in with, where it is not the app's usual one. */
  readonly clientId?: string | undefined;
}

export const isEmbedded = (address: string): boolean => /^postgres(ql)?:\/\//.test(address);

/** The database that the settings name. It connects when it is first asked, and the driver is loaded then. */
export function openDatabase(settings: DatabaseSettings, options: DatabaseOptions = {}): Database {
  const address = settings.DARKROOM_DATABASE;
  if (isEmbedded(address)) {
    return lazy(async () => (await import('./embedded/database.ts')).openEmbedded(address));
  }
  const clientId = options.clientId ?? settings.DARKROOM_DATABASE_CLIENT_ID;
  return lazy(async () => (await import('./mssql/database.ts')).openMssql(address, { clientId }));
}

function lazy(open: () => Promise<Database>): Database {
  let opened: Promise<Database> | undefined;
  const database = (): Promise<Database> => (opened ??= open());
  return {
    query: async (role, view, filter) => (await database()).query(role, view, filter),
    async *stream(role, view, filter) {
      yield* (await database()).stream(role, view, filter);
    },
    execute: async (role, procedure, parameters, context) =>
      (await database()).execute(role, procedure, parameters, context),
    freshness: async (role) => (await database()).freshness(role),
    close: async () => {
      if (opened !== undefined) await (await opened).close();
    },
  };
}
