import { catalog, type SchemaName } from '../catalog/index.ts';
import { roleOf } from '../roles.ts';

export type Kind = 'view' | 'procedure' | 'table';
export type Verb = 'select' | 'insert' | 'update' | 'delete' | 'execute';

/** One thing that somebody might do to one object. */
export interface Action {
  readonly schema: string;
  readonly object: string;
  readonly kind: Kind;
  readonly verb: Verb;
}

/** `impossible`: no right would help, as with an insert into a view of sums. */
export type Answer = 'allowed' | 'denied' | 'impossible';

/** Asks a database by trying: each action is begun and rolled back. */
export interface RightsProbe {
  actions(): Promise<readonly Action[]>;
  /** As the role; undefined stands for the owner, who may prepare something first that is rolled back, too. */
  attempt(role: string | undefined, action: Action, prepare?: readonly string[]): Promise<Answer>;
  /** The same as the engine accounts for it in operations.rights. */
  account(role: string, action: Action, prepare?: readonly string[]): Promise<boolean>;
  close(): Promise<void>;
}

export const schemas = Object.keys(catalog) as SchemaName[];
export const databaseRoles: readonly string[] = schemas.map(roleOf);

export const verbsOf: Readonly<Record<Kind, readonly Verb[]>> = {
  view: ['select', 'insert', 'update', 'delete'],
  table: ['select', 'insert', 'update', 'delete'],
  procedure: ['execute'],
};

/** The whole permission model: views of one's own schema may be selected, its procedures executed, nothing else. */
export const isMeant = (role: string, { schema, kind, verb }: Action): boolean =>
  schemas.some((own) => own === schema && roleOf(own) === role) &&
  ((kind === 'view' && verb === 'select') || (kind === 'procedure' && verb === 'execute'));
