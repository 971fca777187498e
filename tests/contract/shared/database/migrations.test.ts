import { expect, test } from '@jest/globals';
import { codeOf, migrationOf, readMigrations } from '../../../../shared/database/migrations/files.ts';
import { batchesOf } from '../../../../shared/database/migrations/mssql.ts';
import { describeEngines } from './support/describe-engines.ts';

describeEngines('migrations', (engine) => {
  const names = async () =>
    (await engine().database.query('operations', 'migrations', { orderBy: [['name', 'asc']] })).map(
      ({ name }) => name,
    );

  test('applied in order, each with its checksum, and answered to engineering', async () => {
    const applied = await engine().database.query('operations', 'migrations');
    const files = [...(await readMigrations('embedded')), ...(await readMigrations('azure'))];
    expect(applied.length).toBeGreaterThan(10);
    for (const { name, checksum } of applied) {
      expect(files.filter((file) => file.name === name).map((file) => file.checksum)).toContain(checksum);
    }
  });

  test('are applied once when they run again, also by two at once', async () => {
    const before = await names();
    const results = await Promise.all([engine().migrate(), engine().migrate()]);
    expect(results).toEqual([[], []]);
    expect(await names()).toEqual(before);
  });

  test('of two runners at once exactly one applies a new one', async () => {
    const added = migrationOf('090-extra.sql', 'CREATE TABLE orders.extra (n int NOT NULL);');
    const results = await Promise.all([engine().migrate([added]), engine().migrate([added])]);
    expect(results.flat()).toEqual(['090-extra.sql']);
  });

  test('a migration that fails leaves nothing of itself behind', async () => {
    const statements = ['CREATE TABLE orders.broken (n int NOT NULL);', 'SELECT nonsense FROM nowhere;'];
    const broken = migrationOf('091-broken.sql', statements.join(engine().separator));
    await expect(engine().migrate([broken])).rejects.toThrow(/091-broken\.sql failed/);
    expect(await names()).not.toContain('091-broken.sql');
    const mended = migrationOf('091-broken.sql', 'CREATE TABLE orders.broken (n int NOT NULL);');
    expect(await engine().migrate([mended])).toEqual(['091-broken.sql']);
  });

  test('refuse a changed one, and one that comes before what is applied', async () => {
    const first = (await readMigrations(engine().folder))[0];
    const changed = migrationOf(first!.name, `${first!.sql}\n-- one more line`);
    await expect(engine().migrate([changed], true)).rejects.toThrow(/001-schemas-and-roles\.sql was changed/);
    const late = migrationOf('000-late.sql', 'SELECT 1;');
    await expect(engine().migrate([late])).rejects.toThrow(/000-late\.sql comes before/);
  });
});

test('T-SQL that asks for nothing keeps to what runs on any T-SQL engine', async () => {
  for (const { name, sql, needs } of await readMigrations('azure')) {
    const code = codeOf(sql);
    expect([name, batchesOf(sql).length > 0]).toEqual([name, true]);
    if (needs.length > 0) continue;
    const avoided =
      /\bMERGE\b|CREATE\s+OR\s+ALTER|\bEXECUTE\s+AS\b|OUTPUT\s+deleted\.|\bDENY\b|SYSTEM_VERSIONING|NOEXPAND|MASKED/i;
    expect([name, avoided.exec(code)?.[0]]).toEqual([name, undefined]);
  }
});

test('both engines grant by schema only, never on an object', async () => {
  for (const folder of ['azure', 'embedded'] as const) {
    for (const { name, sql } of await readMigrations(folder)) {
      const grants = sql.replace(/--.*$/gm, '').match(/^.*\bGRANT\b[^;]*;/gm) ?? [];
      const other = grants.filter((grant) => !/ON SCHEMA|IN SCHEMA|GRANT [\w, %]+ TO \w+/.test(grant));
      expect([name, other]).toEqual([name, []]);
    }
  }
});
