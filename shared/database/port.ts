import type { Parameters, ProcedureName, ResultRow, SchemaName, ViewName, ViewRow } from './catalog/index.ts';

export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'in' | 'contains' | 'is null' | 'is not null';

/** `contains` looks for a literal text as its column compares: a name is found whatever its case. */
export interface Condition<Row> {
  column: keyof Row & string;
  operator: Operator;
  value?: unknown;
}

/** True where one of them is. */
export interface AnyOf<Row> {
  any: readonly Condition<Row>[];
}

export interface Filter<Row> {
  where?: readonly (Condition<Row> | AnyOf<Row>)[];
  orderBy?: readonly (readonly [column: keyof Row & string, direction: 'asc' | 'desc'])[];
  /** Keyset paging: only rows strictly behind the one that has these values in the columns of `orderBy`. */
  after?: readonly unknown[];
  limit?: number;
}

export interface CallContext {
  /** Who is acting, kept with every write: a principal's id, or `service:NAME`. */
  actor: string;
}

/** Who answers a role's reads, and how old what it knows can be. */
export interface Freshness {
  /** `replica`: a copy that follows the primary. */
  readonly source: 'primary' | 'replica';
  /** Milliseconds since the last moment of which everything committed is known; undefined when it cannot be told. */
  readonly lagMs: number | undefined;
  /** Whether a replica hears from its primary at the moment. */
  readonly isConnected: boolean;
}

/**
 * The one way to the database. `role` is the schema whose rights the call has: it may select that schema's views and
 * execute its procedures, enforced by the database. One call is one transaction. Throws DarkroomError: `not-found`,
 * `wrong-state`, `conflict`, `invalid-value`, `precondition-failed`, `forbidden`, and `unavailable` when the server
 * is away (after the retries that are safe).
 */
export interface Database {
  query<S extends SchemaName, V extends ViewName<S>>(
    role: S,
    view: V,
    filter?: Filter<ViewRow<S, V>>,
  ): Promise<ViewRow<S, V>[]>;
  /** The same rows in batches, in bounded memory, from one snapshot. */
  stream<S extends SchemaName, V extends ViewName<S>>(
    role: S,
    view: V,
    filter?: Filter<ViewRow<S, V>>,
  ): AsyncIterable<ViewRow<S, V>[]>;
  execute<S extends SchemaName, P extends ProcedureName<S>>(
    role: S,
    procedure: P,
    parameters: Parameters<S, P>,
    context: CallContext,
  ): Promise<ResultRow<S, P>[]>;
  /** What a read that follows is at least as fresh as. */
  freshness(role: SchemaName): Promise<Freshness>;
  close(): Promise<void>;
}
