import type { SchemaName } from './catalog/index.ts';

/** The database role that may use a schema: the one of its name, but for operations, which is engineering's. */
export const roleOf = (schema: SchemaName): string => (schema === 'operations' ? 'engineering' : schema);

/** PostgreSQL's login with the rights of a role and no others. */
export const loginOf = (role: string): string => `${role}_login`;
