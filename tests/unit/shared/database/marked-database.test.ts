import { expect, test } from '@jest/globals';
import { catalog } from '../../../../shared/database/catalog/index.ts';
import { markedDatabase, quietProcedures } from '../../../../shared/database/marked-database.ts';
import type { Database } from '../../../../shared/database/port.ts';

const by = { actor: 'service:test' };

function setUp() {
  const done: string[] = [];
  const note = (what: string) => Promise.resolve(void done.push(what));
  const database = {
    execute: async (role: string, procedure: string) => {
      await note(`${role}.${procedure}`);
      return [];
    },
    query: async (_role: string, view: string) => {
      await note(view);
      return [];
    },
  } as unknown as Database;
  return { done, marked: markedDatabase(database, () => note('mark')) };
}

test('a mark comes before a change, and none before a question', async () => {
  const { done, marked } = setUp();
  await marked.query('storage_writer', 'images');
  await marked.execute('logistics', 'complete_order', { order_id: 1 }, by);
  expect(done).toEqual(['images', 'mark', 'logistics.complete_order']);
});

test('a mark that is never left makes no change', async () => {
  const { done, marked } = setUp();
  const failing = markedDatabase(marked, () => Promise.reject(new Error('no mark')));
  await expect(failing.execute('logistics', 'complete_order', { order_id: 1 }, by)).rejects.toThrow(
    'no mark',
  );
  expect(done).toEqual([]);
});

test('what only notes how far a timer came leaves none', async () => {
  const { done, marked } = setUp();
  await marked.execute('storage_writer', 'sequence_ledger', {}, by);
  const nothingSent = { holder: 'h', sent: [], at: new Date() };
  await marked.execute('storage_writer', 'take_outcomes', nothingSent, by);
  expect(done).toEqual(['storage_writer.sequence_ledger', 'storage_writer.take_outcomes']);
});

test('who sends outcomes says so, since another one has to go on when it ends', async () => {
  const { done, marked } = setUp();
  await marked.execute('storage_writer', 'take_outcomes', { holder: 'h', sent: [1], at: new Date() }, by);
  expect(done[0]).toBe('mark');
});

test('every procedure that leaves none is one of the catalogue', () => {
  const all = Object.entries(catalog).flatMap(([schema, { procedures }]) =>
    Object.keys(procedures).map((name) => `${schema}.${name}`),
  );
  expect(quietProcedures.filter((name) => !all.includes(name))).toEqual([]);
});
