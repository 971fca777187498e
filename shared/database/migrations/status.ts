import type { AppliedMigration } from './files.ts';
import type { Plan } from './plan.ts';

export interface MigrationStatus extends Plan {
  readonly applied: readonly AppliedMigration[];
}
