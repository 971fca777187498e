import type { Database } from '../../shared/database/port.ts';

/** The database, and what somebody else does in the moment before a procedure of it is executed. */
export const interfering = (
  database: Database,
  before: (procedure: string, parameters: unknown) => Promise<unknown>,
): Database => ({
  ...database,
  async execute(role, procedure, parameters, context) {
    await before(procedure, parameters);
    return database.execute(role, procedure, parameters, context);
  },
});
