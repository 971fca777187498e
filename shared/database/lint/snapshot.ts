/** What a catalogue says of a database, in the same words for both engines. Names of objects are `schema.name`. */
export interface Snapshot {
  readonly engine: 'PostgreSQL' | 'T-SQL';
  /** Who owns the database; whatever is granted to them is left out. */
  readonly owner: string;
  readonly principals: readonly Principal[];
  readonly memberships: readonly RoleMembership[];
  readonly grants: readonly Grant[];
  readonly objects: readonly CatalogueObject[];
  readonly routines: readonly Routine[];
  readonly reads: readonly Read[];
  readonly tables: readonly Table[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Constraints, indexes and triggers that are there and do not work. */
  readonly switchedOff: readonly { readonly kind: string; readonly name: string; readonly table: string }[];
  readonly rowSecurity: readonly RowSecurity[];
}

export interface Principal {
  readonly name: string;
  readonly kind: 'role' | 'login';
  /** What they may beside all grants, as the engine names it: `SUPERUSER`. */
  readonly powers: readonly string[];
  readonly password: 'none' | 'missing' | 'md5' | 'in the database' | 'kept';
}

export interface RoleMembership {
  readonly role: string;
  readonly member: string;
  readonly canPassOn: boolean;
}

/** `later table` and `later routine`: what is granted on each that will be made. */
export type GrantKind =
  | 'database'
  | 'schema'
  | 'table'
  | 'view'
  | 'sequence'
  | 'column'
  | 'routine'
  | 'later table'
  | 'later routine'
  | 'other';

export interface Grant {
  readonly grantee: string;
  readonly privilege: string;
  readonly kind: GrantKind;
  /** Of a column `schema.table.column`; of the database empty; of what comes later the schema, empty for any. */
  readonly object: string;
  readonly canPassOn: boolean;
}

export interface CatalogueObject {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
}

export interface Routine {
  readonly name: string;
  /** `caller`, or whose rights it has. */
  readonly runsAs: string;
  /** PostgreSQL: the search path that it sets for itself. */
  readonly searchPath: string | null;
}

/** A view reads a column of a table or of another view. */
export interface Read {
  readonly view: string;
  readonly object: string;
  readonly column: string;
}

export interface Table {
  readonly name: string;
  readonly hasPrimaryKey: boolean;
}

export interface Index {
  readonly table: string;
  readonly name: string;
  readonly method: string;
  /** In order, `name` or `name DESC`. */
  readonly keys: readonly string[];
  readonly includes: readonly string[];
  readonly filter: string | null;
  readonly isUnique: boolean;
  /** Since the engine counts; null where no server counts. */
  readonly uses: { readonly ofIndex: number; readonly ofTable: number; readonly rows: number } | null;
}

export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
}

export interface RowSecurity {
  readonly name: string;
  readonly policies: number;
  readonly isOn: boolean;
  /** It holds for the owner too, with whose rights views and procedures read. */
  readonly isForced: boolean;
}
