/**
 * The database's interface in TypeScript: what each schema offers its role. Both engines implement it in SQL, the
 * adapters take parameter and column types from it, and the contract suite holds it against each engine's catalogue.
 */
export type SqlType =
  'uuid' | 'text' | 'int' | 'bigint' | 'boolean' | 'decimal' | 'instant' | 'date' | 'json';

/** A type, with `?` behind it where null is possible. */
export type Column = SqlType | `${SqlType}?`;

export type Columns = Readonly<Record<string, Column>>;

/** uuid lower case; decimal as an exact string; date `YYYY-MM-DD`; instant a Date (UTC, milliseconds); bigint below 2^53. */
type ValueOf<T> = T extends 'int' | 'bigint'
  ? number
  : T extends 'boolean'
    ? boolean
    : T extends 'instant'
      ? Date
      : T extends 'json'
        ? unknown
        : string;

export type Value<C extends Column> = C extends `${infer T}?` ? ValueOf<T> | null : ValueOf<C>;

export type RowOf<C extends Columns> = { [K in keyof C]: Value<C[K]> };

type Optional<C extends Columns> = { [K in keyof C]: C[K] extends `${string}?` ? K : never }[keyof C];

/** Parameters: those that may be null may be left out. */
export type ParametersOf<C extends Columns> = { [K in Exclude<keyof C, Optional<C>>]: Value<C[K]> } & {
  [K in Optional<C>]?: Value<C[K]> | undefined;
};

export interface Procedure {
  readonly parameters: Columns;
  /** What each returned row has; no columns means no rows. */
  readonly returns: Columns;
  /** Doing it again changes nothing more, so it may be repeated after a failure that hides whether it was done. */
  readonly idempotent?: boolean;
}

export interface Schema {
  /** Column names and types; rows are told apart by `key`. */
  readonly views: Readonly<Record<string, { readonly key: readonly string[]; readonly columns: Columns }>>;
  readonly procedures: Readonly<Record<string, Procedure>>;
}
