import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../port.ts';
import { databaseRoles, isMeant, type Kind, type Verb } from './types.ts';

export interface ReportedRight {
  readonly role: string;
  readonly schema: string;
  readonly object: string;
  readonly kind: Kind;
  readonly verb: Verb;
  /** What the database answers. */
  readonly allowed: boolean;
  /** What the permission model says. */
  readonly meant: boolean;
}

export interface RightsReport {
  readonly asOf: string;
  readonly roles: readonly string[];
  readonly rights: readonly ReportedRight[];
  /** Where the two differ: there should be none. */
  readonly differences: readonly ReportedRight[];
}

export interface RightsReportDependencies {
  readonly database: Database;
  readonly clock: Clock;
}

/** Role × object × verb, as the database answers at this moment; of one role, or of all. */
export const makeReportRights =
  ({ database, clock }: RightsReportDependencies) =>
  async (role?: string): Promise<RightsReport> => {
    const rows = await database.query('operations', 'rights', {
      where: [{ column: 'role_name', operator: 'in', value: role === undefined ? databaseRoles : [role] }],
      orderBy: [
        ['role_name', 'asc'],
        ['schema_name', 'asc'],
        ['object_name', 'asc'],
        ['verb', 'asc'],
      ],
    });
    const rights = rows.map((row): ReportedRight => {
      const action = {
        schema: row.schema_name,
        object: row.object_name,
        kind: row.kind as Kind,
        verb: row.verb as Verb,
      };
      return { role: row.role_name, ...action, allowed: row.allowed, meant: isMeant(row.role_name, action) };
    });
    return {
      asOf: clock.now().toISOString(),
      roles: role === undefined ? databaseRoles : [role],
      rights,
      differences: rights.filter(({ allowed, meant }) => allowed !== meant),
    };
  };
