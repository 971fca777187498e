import { describe, expect, test } from '@jest/globals';
import { migrationOf, readMigrations, type Migration } from '../../../../shared/database/migrations/files.ts';
import { dropOf, inOrder, planMigrations } from '../../../../shared/database/migrations/plan.ts';
import { statesOf } from '../../../../shared/database/migrations/status.ts';

const tables = migrationOf('001-tables.sql', 'CREATE TABLE orders.t (n int);');
const base = migrationOf('repeatable/z-base.sql', 'CREATE VIEW orders.base AS SELECT n FROM orders.t;');
const desk = migrationOf('repeatable/desk.sql', 'CREATE VIEW sales.desk AS SELECT n FROM orders.base;');
const apart = migrationOf('repeatable/apart.sql', 'CREATE VIEW sales.apart AS SELECT n FROM orders.t;');

const applied = (...files: Migration[]) => files.map((file) => ({ ...file, appliedAt: new Date(0) }));
const names = (files: readonly Migration[]) => files.map(({ name }) => name);

describe('repeatable files', () => {
  test('come after the numbered ones, each after those that it depends on, else by name', () => {
    const plan = planMigrations([desk, tables, base, apart], [], []);
    expect(names(plan.pending)).toEqual(['001-tables.sql']);
    expect(names(plan.repeated)).toEqual([
      'repeatable/apart.sql',
      'repeatable/z-base.sql',
      'repeatable/desk.sql',
    ]);
    expect(plan.drops).toEqual([]);
  });

  test('that have not changed are left alone', () => {
    const plan = planMigrations([tables, base, desk], applied(tables, base, desk), []);
    expect([plan.pending, plan.repeated, plan.drops, plan.removed]).toEqual([[], [], [], []]);
  });

  test('that have changed are made again with what depends on them; the dependants are dropped first', () => {
    const changed = migrationOf(base.name, `${base.sql}\n-- more`);
    const plan = planMigrations([tables, changed, desk, apart], applied(tables, apart, base, desk), []);
    expect(names(plan.repeated)).toEqual(['repeatable/z-base.sql', 'repeatable/desk.sql']);
    expect(plan.drops).toEqual(['VIEW sales.desk', 'VIEW orders.base']);
  });

  test('that change alone take nothing else along', () => {
    const changed = migrationOf(desk.name, `${desk.sql}\n-- more`);
    const plan = planMigrations([tables, base, changed], applied(tables, base, desk), []);
    expect(names(plan.repeated)).toEqual(['repeatable/desk.sql']);
    expect(plan.drops).toEqual(['VIEW sales.desk']);
  });

  test('that are gone take their objects with them, after those of files that depended on them', () => {
    const alone = migrationOf(desk.name, 'CREATE VIEW sales.desk AS SELECT n FROM orders.t;');
    const plan = planMigrations([tables, alone], applied(tables, base, desk), []);
    expect(plan.removed).toEqual(['repeatable/z-base.sql']);
    expect(plan.drops).toEqual(['VIEW sales.desk', 'VIEW orders.base']);
    expect(names(plan.repeated)).toEqual(['repeatable/desk.sql']);
  });

  test('depend on what they name in code, not in a comment', () => {
    const told = migrationOf(
      'repeatable/told.sql',
      '-- unlike orders.base\nCREATE VIEW sales.told AS SELECT 1 AS n;',
    );
    const changed = migrationOf(base.name, `${base.sql}\n-- more`);
    const plan = planMigrations([changed, told], applied(base, told), []);
    expect(names(plan.repeated)).toEqual(['repeatable/z-base.sql']);
  });

  test('that depend on each other are refused', () => {
    const round = migrationOf(
      'repeatable/z-base.sql',
      'CREATE VIEW orders.base AS SELECT n FROM sales.desk;',
    );
    expect(() => inOrder([round, desk])).toThrow(
      'repeatable/desk.sql, repeatable/z-base.sql depend on each other',
    );
  });

  test('drop a trigger of either engine by its own kind of name', () => {
    const postgres =
      'CREATE TRIGGER keep BEFORE DELETE OR\n TRUNCATE ON orders.t EXECUTE FUNCTION orders.refuse();';
    const azure = 'CREATE TRIGGER orders.keep ON orders.t AFTER DELETE AS SELECT 1;';
    const dropped = [postgres, azure].map((sql) => dropOf(migrationOf('repeatable/x.sql', sql).objects[0]!));
    expect(dropped).toEqual([
      'DROP TRIGGER IF EXISTS keep ON orders.t',
      'DROP TRIGGER IF EXISTS orders.keep',
    ]);
  });
});

describe('what a file needs', () => {
  const ledger = migrationOf('101-ledger.sql', '-- needs: ledger, temporal\nSELECT 1;');
  const later = migrationOf('002-later.sql', 'SELECT 1;');

  test('decides whether it is applied: all of it, or the file is skipped by name', () => {
    expect(names(planMigrations([tables, ledger], [], ['ledger']).skipped)).toEqual(['101-ledger.sql']);
    const plan = planMigrations([tables, ledger], [], ['temporal', 'ledger']);
    expect([names(plan.pending), plan.skipped]).toEqual([['001-tables.sql', '101-ledger.sql'], []]);
  });

  test('may come with an update of the server, after higher numbers were applied', () => {
    const plan = planMigrations([tables, later, ledger], applied(tables, later), ['temporal', 'ledger']);
    expect(names(plan.pending)).toEqual(['101-ledger.sql']);
    expect(names(planMigrations([tables, later, ledger], applied(tables, ledger), []).pending)).toEqual([
      '002-later.sql',
    ]);
  });

  test('is a capability that the runner knows', () => {
    expect(() => migrationOf('101-x.sql', '-- needs: legder\n')).toThrow(
      'needs legder, which is no capability',
    );
  });

  test('is asked by the files that only some servers take, and by no others', async () => {
    const gated = (await readMigrations('azure')).filter(({ needs }) => needs.length > 0);
    expect(gated.map(({ name, needs }) => [name, needs.join(' ')])).toEqual([
      ['101-denials.sql', 'permissions'],
      ['102-classification.sql', 'classification masking'],
      ['103-ledger.sql', 'ledger temporal'],
      ['104-member-history-retention.sql', 'ledger temporal'],
      ['105-file-name-classification.sql', 'classification'],
      ['repeatable/status-ledger.sql', 'ledger temporal'],
    ]);
  });
});

test('the status says of each file whether it is applied, changed, removed, pending or skipped', () => {
  const changed = migrationOf(desk.name, `${desk.sql}\n-- more`);
  const skipped = migrationOf('101-x.sql', '-- needs: ledger\nSELECT 1;');
  const done = applied(tables, base, desk, apart);
  const status = {
    applied: done,
    ...planMigrations([tables, base, changed, skipped, migrationOf('002-new.sql', '')], done, []),
  };
  expect(statesOf(status).map(({ name, state }) => `${name} ${state}`)).toEqual([
    '001-tables.sql applied',
    'repeatable/z-base.sql applied',
    'repeatable/desk.sql changed',
    'repeatable/apart.sql removed',
    '002-new.sql pending',
    '101-x.sql skipped',
  ]);
});

describe('the two engines', () => {
  const of = async (folder: 'azure' | 'embedded') =>
    (await readMigrations(folder)).filter(({ needs }) => needs.length === 0);

  test('have the same numbered files, but for what only some servers take', async () => {
    const numbered = async (folder: 'azure' | 'embedded') =>
      names(await of(folder)).filter((name) => /^\d/.test(name));
    expect(await numbered('azure')).toEqual(await numbered('embedded'));
  });

  test('have the same repeatable files, but for those of the T-SQL side alone', async () => {
    const [azure, embedded] = [names(await of('azure')), names(await of('embedded'))];
    expect(azure.filter((name) => !embedded.includes(name))).toEqual([
      'repeatable/daily-totals.sql',
      'repeatable/deployment.sql',
      'repeatable/horizon.sql',
    ]);
    expect(embedded.filter((name) => !azure.includes(name))).toEqual([]);
  });

  test.each(['azure', 'embedded'] as const)(
    'define each object of %s once, and none in a numbered file',
    async (folder) => {
      const files = await readMigrations(folder);
      const objects = files.flatMap((file) => file.objects);
      expect(objects.filter((object, index) => objects.indexOf(object) !== index)).toEqual([]);
      const numbered = files
        .filter(({ name }) => /^\d/.test(name))
        .map(({ sql }) => sql)
        .join('\n');
      expect(numbered.match(/^CREATE (OR \w+ )?(VIEW|TRIGGER).*/gm)).toBeNull();
      expect(inOrder(files).length).toBe(files.filter(({ name }) => name.startsWith('repeatable/')).length);
    },
  );
});
