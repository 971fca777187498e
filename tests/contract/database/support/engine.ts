import type { Database } from '../../../../shared/database/port.ts';
import type { RightsProbe } from '../../../../shared/database/rights/types.ts';

/** What a server cannot express; the tests that need it are skipped by name, with the reason. */
export type Limit =
  'ownership chaining' | 'own horizon' | 'permission catalogue' | 'plans' | 'lock hints' | 'personal logins';

export interface EngineColumn {
  readonly name: string;
  readonly type: string;
}

/** The engine's own account of a schema, to hold the TypeScript catalogue against. */
export interface EngineCatalogue {
  readonly views: Readonly<Record<string, readonly EngineColumn[]>>;
  readonly procedures: Readonly<Record<string, readonly EngineColumn[]>>;
}

export interface Engine {
  readonly database: Database;
  /** Rows of a statement as the owner. */
  sql(statement: string): Promise<Record<string, unknown>[]>;
  catalogue(schema: string): Promise<EngineCatalogue>;
  probe(): Promise<RightsProbe>;
  /** The port signed in as a person of one role, not as the API. */
  person(role: string): Promise<{ database: Database; login: string }>;
  stop(): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  readonly limits: Partial<Record<Limit, string>>;
  start(): Promise<Engine>;
}
