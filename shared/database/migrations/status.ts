import type { AppliedMigration } from './files.ts';
import type { Plan } from './plan.ts';

export interface MigrationStatus extends Plan {
  readonly applied: readonly AppliedMigration[];
}

export type MigrationState = 'applied' | 'changed' | 'removed' | 'pending' | 'skipped';

/** One line for each file: what is applied, with what has become of it since, then what is not. */
export function statesOf(
  status: MigrationStatus,
): { name: string; state: MigrationState; at: Date | null }[] {
  const { applied, pending, repeated, removed, skipped } = status;
  const isApplied = (name: string): boolean => applied.some((done) => done.name === name);
  const stateOf = (name: string): MigrationState =>
    removed.includes(name) ? 'removed' : repeated.some((file) => file.name === name) ? 'changed' : 'applied';
  const open = [...pending, ...repeated].filter(({ name }) => !isApplied(name));
  return [
    ...applied.map(({ name, appliedAt }) => ({ name, state: stateOf(name), at: appliedAt })),
    ...open.map(({ name }) => ({ name, state: 'pending' as const, at: null })),
    ...skipped.map(({ name }) => ({ name, state: 'skipped' as const, at: null })),
  ];
}
