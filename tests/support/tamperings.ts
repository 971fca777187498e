/** What somebody who owns the database may do to the ledger, past its triggers: SQL for PostgreSQL, each on its own. */
export interface Tampering {
  readonly name: string;
  readonly sql: string;
}

const middle = `(SELECT entry FROM imaging.ledger WHERE kind <> 'received' ORDER BY entry OFFSET 2 LIMIT 1)`;
const last = `(SELECT max(entry) FROM imaging.ledger)`;
const remove = (entries: string) => `
  CREATE TEMPORARY TABLE gone AS SELECT entry FROM imaging.ledger WHERE ${entries};
  DELETE FROM imaging.ledger_leaves WHERE entry IN (SELECT entry FROM gone);
  DELETE FROM imaging.ledger WHERE entry IN (SELECT entry FROM gone)`;
/** Places without a gap, as if nothing had ever been there. */
const renumber = `
  CREATE TEMPORARY TABLE places AS
  SELECT row_number() OVER (ORDER BY leaf_index) - 1 AS leaf_index, entry FROM imaging.ledger_leaves;
  DELETE FROM imaging.ledger_leaves;
  INSERT INTO imaging.ledger_leaves SELECT leaf_index, entry FROM places`;
const forged = `
  INSERT INTO imaging.ledger (kind, commitment, due_at, image_digest, salt, blobs, bytes, lake_rows, uploaded_at, erased_at,
                              signature)
  SELECT 'erasure', repeat('ab', 32), due_at, repeat('cd', 32), salt, blobs, bytes, lake_rows, uploaded_at, erased_at, signature
  FROM imaging.ledger WHERE entry = ${middle}`;
const sequenced = `
  INSERT INTO imaging.ledger_leaves
  SELECT (SELECT max(leaf_index) + 1 FROM imaging.ledger_leaves), ${last}`;

export const tamperings: readonly Tampering[] = [
  { name: 'a count is changed', sql: `UPDATE imaging.ledger SET bytes = bytes + 1 WHERE entry = ${middle}` },
  {
    name: 'the time of an erasure is changed',
    sql: `UPDATE imaging.ledger SET erased_at = '2020-01-01T00:00:00.000Z' WHERE entry = ${middle}`,
  },
  {
    name: 'an erasure is made that of another image',
    sql: `UPDATE imaging.ledger SET image_digest = repeat('ef', 32) WHERE entry = ${middle}`,
  },
  {
    name: 'the due time of what was received is put off',
    sql: `UPDATE imaging.ledger SET due_at = '2099-01-01T00:00:00.000Z'
          WHERE entry = (SELECT min(entry) FROM imaging.ledger WHERE kind = 'received')`,
  },
  { name: 'an entry in the middle is removed', sql: `${remove(`entry = ${middle}`)}; ${renumber}` },
  {
    name: 'the first entry is removed',
    sql: `${remove('entry = (SELECT min(entry) FROM imaging.ledger)')}; ${renumber}`,
  },
  {
    name: 'two entries change places',
    sql: `UPDATE imaging.ledger_leaves SET leaf_index = -1 WHERE leaf_index = 3;
          UPDATE imaging.ledger_leaves SET leaf_index = 3 WHERE leaf_index = 4;
          UPDATE imaging.ledger_leaves SET leaf_index = 4 WHERE leaf_index = -1`,
  },
  { name: 'the tail is cut off', sql: remove(`entry > ${middle}`) },
  {
    name: 'all of it is removed',
    sql: `${remove('true')}; DELETE FROM imaging.ledger_checkpoints`,
  },
  { name: 'an erasure that never was waits for the next checkpoint', sql: forged },
  { name: 'an erasure that never was has a place already', sql: `${forged}; ${sequenced}` },
  {
    name: 'an image is received that never came',
    sql: `INSERT INTO imaging.ledger (kind, commitment, due_at)
          VALUES ('received', repeat('12', 32), '2026-01-01T00:00:00.000Z'); ${sequenced}`,
  },
  {
    name: 'all is written anew, with its places and its checkpoints',
    sql: `UPDATE imaging.ledger SET bytes = bytes + 1, erased_at = '2020-01-01T00:00:00.000Z' WHERE kind <> 'received';
          ${remove(`entry = ${middle}`)}; ${renumber};
          UPDATE imaging.ledger_checkpoints SET size = size - 1, note = replace(note, E'\\n', E'x\\n')`,
  },
];
