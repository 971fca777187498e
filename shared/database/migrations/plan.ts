import type { AppliedMigration, Migration, Only } from './files.ts';

export interface Plan {
  readonly pending: readonly Migration[];
  /** Not for this engine, by name. */
  readonly skipped: readonly Migration[];
}

/**
 * What is left to apply. Throws when an applied migration has changed or is gone: history is not rewritten, a change is
 * a new file.
 */
export function planMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
  supports: readonly Only[],
): Plan {
  for (const done of applied) {
    const file = files.find(({ name }) => name === done.name);
    if (file === undefined) throw new Error(`The applied migration ${done.name} is no longer there.`);
    if (file.checksum !== done.checksum) {
      throw new Error(`The applied migration ${done.name} was changed. Write a new one instead.`);
    }
  }
  const open = files.filter(({ name }) => !applied.some((done) => done.name === name));
  const skipped = open.filter(({ only }) => only !== undefined && !supports.includes(only));
  const pending = open.filter((migration) => !skipped.includes(migration));
  const last =
    applied
      .map(({ name }) => name)
      .filter((name) => files.find((file) => file.name === name)?.only === undefined)
      .sort()
      .at(-1) ?? '';
  const late = pending.find(({ name, only }) => name < last && only === undefined);
  if (late !== undefined) {
    throw new Error(
      `The migration ${late.name} comes before ${last}, which is applied. Give it a higher number.`,
    );
  }
  return { pending, skipped };
}
