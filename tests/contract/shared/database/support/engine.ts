import type { Database, Filter } from '../../../../../shared/database/port.ts';
import type { Migration } from '../../../../../shared/database/migrations/files.ts';
import type { Snapshot } from '../../../../../shared/database/lint/snapshot.ts';
import type { RightsProbe } from '../../../../../shared/database/rights/types.ts';

/** What a server cannot express; the tests that need it are skipped by name, with the reason. */
export type Limit =
  | 'ownership chaining'
  | 'own horizon'
  | 'permission catalogue'
  | 'access lists'
  | 'plans'
  | 'json texts'
  | 'collation'
  | 'personal logins';

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
  /** What the lints look at, after a statement that is rolled back. */
  snapshot(plant?: string): Promise<Snapshot>;
  /** The port signed in as a person of one role, not as the API. */
  person(role: string): Promise<{ database: Database; login: string }>;
  /** Applies these migrations beside those of the repository (instead of them, when `alone`); answers the names. */
  migrate(extra?: readonly Migration[], alone?: boolean): Promise<readonly string[]>;
  /** What stands between two batches of a migration. */
  readonly separator: string;
  /** Its folder under sql/. */
  readonly folder: 'embedded' | 'azure';
  /** Rows enough that a planner has a choice; only where plans are looked at. */
  fill?(): Promise<void>;
  /** The plan of a query through the port. */
  explain?(schema: string, view: string, filter: Filter<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  readonly limits: Partial<Record<Limit, string>>;
  start(): Promise<Engine>;
}

/** The repository's migrations with what a test added, and adds now, each name once. */
export function withExtra(
  files: readonly Migration[],
  kept: readonly Migration[],
  extra: readonly Migration[],
): Migration[] {
  const later = kept.filter(({ name }) => !extra.some((one) => one.name === name));
  return [...files, ...later, ...extra].sort((left, right) => left.name.localeCompare(right.name));
}
