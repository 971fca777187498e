import type { Found, Rule } from './rule.ts';
import type { ForeignKey, Index, Snapshot } from './snapshot.ts';

const nameOf = ({ table, name }: { table: string; name: string }): string => `${table}.${name}`;
const columnsOf = ({ keys }: Index): readonly string[] => keys.map((key) => key.replace(/ DESC$/, ''));
const beginsWith = (all: readonly string[], first: readonly string[]): boolean =>
  first.every((one, at) => all[at] === one);

/** It is for these columns: they come first, in any order, and only rows without a reference are left out. */
function serves(index: Index, { table, columns }: ForeignKey): boolean {
  const first = columnsOf(index).slice(0, columns.length);
  const isWhole = index.filter === null || /^\W*\w+\W+IS NOT NULL\W*$/i.test(index.filter);
  return index.table === table && isWhole && columns.every((column) => first.includes(column));
}

/** Everything that `index` is good for, `other` does too. */
function isCoveredBy(index: Index, other: Index): boolean {
  const has = new Set([...columnsOf(other), ...other.includes]);
  return (
    other !== index &&
    (['table', 'method', 'filter'] as const).every((field) => other[field] === index[field]) &&
    beginsWith(other.keys, index.keys) &&
    index.includes.every((column) => has.has(column)) &&
    (!index.isUnique || (other.isUnique && other.keys.length === index.keys.length))
  );
}

/** Of two that cover each other the later one by name is the duplicate. */
function duplicates({ indexes }: Snapshot): readonly Found[] {
  return indexes.flatMap((index) => {
    const by = indexes.find(
      (other) => isCoveredBy(index, other) && (!isCoveredBy(other, index) || other.name < index.name),
    );
    return by === undefined ? [] : [{ object: nameOf(index), detail: `${by.name} does all that it does` }];
  });
}

/** So many reads of a table, and none through the index, is no chance. */
const enough = { reads: 10_000, rows: 1_000 };

const isUnused = ({ isUnique, uses }: Index): boolean =>
  !isUnique && uses?.ofIndex === 0 && uses.ofTable >= enough.reads && uses.rows >= enough.rows;

export const indexRules: readonly Rule[] = [
  {
    name: 'table-without-primary-key',
    level: 'warning',
    why: 'No row can be named: no change of one can be sent on, merged or undone, and duplicates come in unseen.',
    fix: 'Declare the columns that name a row as its PRIMARY KEY.',
    find: ({ tables }) =>
      tables
        .filter(({ hasPrimaryKey }) => !hasPrimaryKey)
        .map(({ name }) => ({ object: name, detail: 'it has no primary key' })),
  },
  {
    name: 'foreign-key-without-index',
    level: 'warning',
    why: 'Every delete and every change of the key on the other side reads the whole table, under a lock.',
    fix: 'CREATE INDEX on the columns of the key, these first.',
    find: ({ foreignKeys, indexes }) =>
      foreignKeys
        .filter((key) => !indexes.some((index) => serves(index, key)))
        .map((key) => ({ object: nameOf(key), detail: `no index begins with ${key.columns.join(', ')}` })),
  },
  {
    name: 'duplicate-index',
    level: 'warning',
    why: 'Every write keeps both; no query needs the second.',
    fix: 'DROP the index that is named.',
    find: duplicates,
  },
  {
    name: 'unused-index',
    level: 'hint',
    why: `Writes pay for it, and none of ${enough.reads.toLocaleString('en')} reads of its table did use it.`,
    fix: 'See whether a rare job needs it; if none does, DROP it.',
    find: ({ indexes, foreignKeys }) =>
      indexes
        .filter((index) => isUnused(index) && !foreignKeys.some((key) => serves(index, key)))
        .map((index) => ({ object: nameOf(index), detail: `read 0 times of ${index.uses!.ofTable}` })),
  },
];
