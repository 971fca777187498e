import type { Capability } from './capabilities.ts';
import { codeOf, isRepeatable, type AppliedMigration, type Migration } from './files.ts';

/** What is left to do, in the order of the fields: numbered files first, then everything about repeatable ones. */
export interface Plan {
  /** Numbered files that are not applied. */
  readonly pending: readonly Migration[];
  /** Objects of changed and removed repeatable files, and of those that depend on them, the last made first. */
  readonly drops: readonly string[];
  /** Applied repeatable files that are no longer there, by name. */
  readonly removed: readonly string[];
  /** Repeatable files that are new, have changed, or depend on such, each after those that it depends on. */
  readonly repeated: readonly Migration[];
  /** Files that need what this server has not. */
  readonly skipped: readonly Migration[];
}

/**
 * Compares the files with what is applied, which is given in the order in which it was applied. Throws where an applied
 * numbered file has changed or is gone: history is not rewritten, a change is a new file.
 */
export function planMigrations(
  files: readonly Migration[],
  applied: readonly AppliedMigration[],
  supports: readonly Capability[],
): Plan {
  const missing = files.filter(({ needs }) => !needs.every((need) => supports.includes(need)));
  const usable = files.filter((file) => !missing.includes(file));
  const pending = pendingOf(files, usable, applied);
  const old = applied.filter(isRepeatable);
  const gone = old.filter(({ name }) => !files.some((file) => file.name === name));
  const repeated = repeatedOf(usable, old, gone);
  const removed = gone.map(({ name }) => name);
  const again = [...removed, ...repeated.map(({ name }) => name)];
  const drops = old.filter(({ name }) => again.includes(name)).flatMap(({ objects }) => objects);
  const skipped = missing.filter(({ name }) => !applied.some((done) => done.name === name));
  return { pending, drops: drops.reverse(), removed, repeated, skipped };
}

const comesOnce = (file: { readonly name: string }): boolean => !isRepeatable(file);

function pendingOf(
  files: readonly Migration[],
  usable: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  for (const done of applied.filter(comesOnce)) {
    const file = files.find(({ name }) => name === done.name);
    if (file === undefined) throw new Error(`The applied migration ${done.name} is no longer there.`);
    if (file.checksum !== done.checksum) {
      throw new Error(
        `The applied migration ${done.name} was changed. If you changed it, write a new one instead; if this database is of an older ` +
          'Darkroom on your machine, drop what is stored: npm start -- --fresh.',
      );
    }
  }
  const pending = usable.filter((file) => comesOnce(file) && !applied.some(({ name }) => name === file.name));
  // A file that needs something may come late: the server can get what it needs with an update.
  const last = applied
    .map(({ name }) => files.find((file) => file.name === name))
    .filter((file) => file !== undefined && comesOnce(file) && file.needs.length === 0)
    .reduce((highest, file) => (file!.name > highest ? file!.name : highest), '');
  const late = pending.find(({ name, needs }) => name < last && needs.length === 0);
  if (late !== undefined) {
    throw new Error(
      `The migration ${late.name} comes before ${last}, which is applied. Give it a higher number.`,
    );
  }
  return pending;
}

/** Names of objects without their kind; triggers stand for themselves, since nothing refers to one. */
const namesOf = (objects: readonly string[]): string[] =>
  objects.filter((object) => !object.startsWith('TRIGGER')).map((object) => object.split(' ')[1]!);

const mentions = (file: Migration, names: readonly string[]): boolean => {
  const words = new Set(codeOf(file.sql).match(/\w+\.\w+/g));
  return names.some((name) => words.has(name));
};

/** Repeatable files in the order of their dependencies, and of their names where there is none. */
export function inOrder(files: readonly Migration[]): Migration[] {
  const left = files.filter(isRepeatable).sort((one, other) => (one.name < other.name ? -1 : 1));
  const ordered: Migration[] = [];
  while (left.length > 0) {
    const next = left.findIndex((file) =>
      left.every((other) => other === file || !mentions(file, namesOf(other.objects))),
    );
    if (next < 0) throw new Error(`${left.map(({ name }) => name).join(', ')} depend on each other.`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

function repeatedOf(
  usable: readonly Migration[],
  applied: readonly AppliedMigration[],
  gone: readonly AppliedMigration[],
): Migration[] {
  const touched = gone.flatMap(({ objects }) => namesOf(objects));
  return inOrder(usable).filter((file) => {
    const done = applied.find(({ name }) => name === file.name);
    const again = done?.checksum !== file.checksum || mentions(file, touched);
    if (again) touched.push(...namesOf([...file.objects, ...(done?.objects ?? [])]));
    return again;
  });
}

/** `DROP VIEW IF EXISTS schema.name`, in both engines. */
export const dropOf = (object: string): string => object.replace(/^(\w+) /, 'DROP $1 IF EXISTS ');
