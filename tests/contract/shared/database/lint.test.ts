import { expect, test } from '@jest/globals';
import { lintFaults } from '../../../../infra/check-azure/lint-faults.ts';
import { isFault, lint, rules } from '../../../../shared/database/lint/lint.ts';
import { personalColumns, schemaOf, shownBy } from '../../../../shared/database/lint/model.ts';
import { readsOf } from '../../../../shared/database/lint/object-rules.ts';
import type { Read, Snapshot } from '../../../../shared/database/lint/snapshot.ts';
import { readPostgres } from '../../../../shared/database/lint/postgres.ts';
import { connected } from '../../../../infra/local/postgres/connected.ts';
import { testDatabase } from '../../../support/postgres.ts';
import { describeEngines } from './support/describe-engines.ts';
import { postgresFaults } from './support/lint-faults.ts';

const faultsOf = {
  embedded: postgresFaults,
  azure: lintFaults.filter(({ only }) => only !== 'model'),
};

/** What only a database that is used can show; it has a test of its own. */
const counted = 'unused-index';

const readsOfSchema = (schema: string, snapshot: Snapshot): readonly Read[] =>
  [...new Set(snapshot.reads.map(({ view }) => view))]
    .filter((view) => schemaOf(view) === schema)
    .flatMap((view) => readsOf(view, snapshot));

describeEngines('lint', (engine, testIf) => {
  testIf('permission catalogue', 'finds nothing in what the migrations make', async () => {
    const snapshot = await engine().snapshot();
    expect(lint(snapshot).filter(isFault)).toEqual([]);
    const { principals, memberships, grants, objects, reads, indexes, foreignKeys, tables } = snapshot;
    for (const list of [principals, memberships, grants, objects, reads, indexes, foreignKeys, tables])
      expect(list.length).toBeGreaterThan(5);
  });

  testIf(
    'permission catalogue',
    'lets no schema show a table or a personal column that it does not show',
    async () => {
      const snapshot = await engine().snapshot();
      const tablesOf = (schema: string) =>
        new Set(readsOfSchema(schema, snapshot).map(({ object }) => object));
      const unused = Object.entries(shownBy).map(([schema, tables]) => {
        const shown = tablesOf(schema);
        return [schema, tables.filter((table) => !shown.has(table))];
      });
      expect(unused).toEqual(Object.keys(shownBy).map((schema) => [schema, []]));
      const columns = Object.entries(personalColumns).flatMap(([name, allowed]) =>
        allowed
          .filter(
            (schema) =>
              !readsOfSchema(schema, snapshot).some((read) => `${read.object}.${read.column}` === name),
          )
          .map((schema) => `${schema}: ${name}`),
      );
      expect(columns).toEqual([]);
    },
  );

  testIf(
    'permission catalogue',
    'finds each fault that is planted, and nothing else',
    async () => {
      const faults = faultsOf[engine().folder];
      const found: Record<string, readonly string[]> = {};
      for (const { plant } of faults) {
        const findings = lint(await engine().snapshot(plant));
        found[plant] = findings.map(({ rule, object }) => `${rule}: ${object}`).sort();
      }
      expect(found).toEqual(Object.fromEntries(faults.map((one) => [one.plant, [...one.found].sort()])));
    },
    120_000,
  );
});

test('every rule has a case that it finds, of each engine that can have the fault', () => {
  const casesOf = (faults: readonly { readonly found: readonly string[] }[]) =>
    new Set(faults.flatMap(({ found }) => found.map((one) => one.split(': ')[0]!)));
  const missing = (cases: ReadonlySet<string>) =>
    rules.map(({ name }) => name).filter((name) => !cases.has(name));
  expect(missing(casesOf(postgresFaults))).toEqual(['execute-as', counted]);
  expect(missing(casesOf(lintFaults))).toEqual(['login-with-power', 'definer-without-search-path', counted]);
});

test(`${counted}: finds an index that ten thousand reads of its table passed by`, async () => {
  const addresses = await testDatabase();
  try {
    const findings = async () =>
      lint(await readPostgres(addresses.owner))
        .filter(({ rule }) => rule === counted)
        .map(({ object, level }) => `${level} ${object}`);
    await connected(addresses.owner, async (client) => {
      await client.query(`CREATE TABLE orders.often (id int PRIMARY KEY, note int, other int);
        INSERT INTO orders.often SELECT n, n, n FROM generate_series(1, 2000) AS n;
        CREATE INDEX ix_often_note ON orders.often (note); CREATE INDEX ix_often_other ON orders.often (other)`);
      const read = (column: string, times: number) =>
        client.query(`DO $$ BEGIN FOR n IN 1..${times} LOOP
          PERFORM FROM orders.often WHERE ${column} = n % 2000; END LOOP; END $$`);
      await client.query('SET enable_seqscan = off');
      await read('other', 1);
      await read('id', 5_000);
      await client.query('SELECT pg_stat_force_next_flush()');
      expect(await findings()).toEqual([]);
      await read('id', 5_000);
      await client.query('SELECT pg_stat_force_next_flush()');
      await client.query('SELECT 1');
    });
    expect(await findings()).toEqual(['hint orders.often.ix_often_note']);
  } finally {
    await addresses.drop();
  }
}, 60_000);
