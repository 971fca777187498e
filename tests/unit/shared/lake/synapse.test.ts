import { describe, expect, test } from '@jest/globals';
import { migrationOf, readMigrations } from '../../../../shared/database/migrations/files.ts';
import { batchesOf } from '../../../../shared/database/migrations/mssql.ts';
import { applySynapse, fillIn } from '../../../../shared/database/migrations/synapse.ts';
import { analystStatements } from '../../../../shared/database/migrations/synapse-analysts.ts';
import { lakeTables, tableOf } from '../../../../shared/lake/schema.ts';
import { partitionColumns } from '../../../../shared/lake/views/view.ts';

const variables = { LakeUrl: 'https://drlake.dfs.core.windows.net/lake' };
const now = () => new Date('2026-01-02T03:04:05.678Z');

/** Keeps the batches, and answers the record that it was given as the view would. */
function serverless(failAt?: string) {
  const batches: string[] = [];
  let record: Record<string, string>[] | undefined;
  return {
    batches,
    run: (batch: string) => {
      if (failAt !== undefined && batch.includes(failAt)) return Promise.reject(new Error('refused'));
      batches.push(batch);
      if (batch.includes('OBJECT_ID')) return Promise.resolve([{ id: record === undefined ? null : 1 }]);
      if (batch.startsWith('SELECT name')) return Promise.resolve(record ?? []);
      if (batch.includes('VIEW deployment.migrations')) {
        record = [
          ...batch.matchAll(
            /'([^']*)' AS name, '([^']*)' AS checksum, '([^']*)' AS applied_at, '([^']*)' AS objects/g,
          ),
        ].map(([, name, checksum, applied_at, objects]) => ({
          name: name!,
          checksum: checksum!,
          applied_at: applied_at!,
          objects: objects!,
        }));
      }
      return Promise.resolve([]);
    },
  };
}

describe('the Synapse migrations', () => {
  test('are applied once, in order, and known again by a view of constants', async () => {
    const files = await readMigrations('synapse');
    const server = serverless();
    const first = await applySynapse(server.run, files, variables, now);
    expect(first.applied).toEqual(files.map(({ name }) => name));
    const count = server.batches.length;
    expect((await applySynapse(server.run, files, variables, now)).applied).toEqual([]);
    expect(server.batches.slice(count).some((batch) => batch.includes('OPENROWSET'))).toBe(false);
  });

  test('make views again when they have changed, and drop one that is no longer there', async () => {
    const files = await readMigrations('synapse');
    const server = serverless();
    await applySynapse(server.run, files, variables, now);
    const count = server.batches.length;
    const [views] = files.filter(({ name }) => name.startsWith('repeatable/'));
    const fewer = migrationOf(
      views!.name,
      'CREATE OR ALTER VIEW warehouse.[dim_date] AS SELECT 1 AS n;\nGO\n',
    );
    const changed = files.map((file) => (file === views ? fewer : file));
    expect((await applySynapse(server.run, changed, variables, now)).applied).toEqual([views!.name]);
    const drops = server.batches.slice(count).filter((batch) => batch.startsWith('DROP'));
    expect(drops).toContain('DROP VIEW IF EXISTS warehouse.dim_product');
    expect(drops).not.toContain('DROP VIEW IF EXISTS warehouse.dim_date');
  });

  test('go on where they stopped after a failure', async () => {
    const files = await readMigrations('synapse');
    const broken = serverless('GRANT REFERENCES');
    await expect(applySynapse(broken.run, files, variables, now)).rejects.toThrow('002-grants.sql failed');
    expect(broken.batches.at(-2)).toContain('CREATE ROLE analysts');
  });

  test('are only statements that serverless SQL takes again: each CREATE is guarded or OR ALTER', async () => {
    for (const { name, sql } of await readMigrations('synapse')) {
      for (const batch of batchesOf(sql)) {
        const bare = batch.replaceAll(/^--.*$/gm, '').trim();
        expect(`${name}: ${bare}`).toMatch(/: (IF |CREATE OR ALTER |GRANT |DENY |ALTER ROLE )/);
      }
    }
  });
});

test('analysts may select from the views, with the two rights that OPENROWSET asks of a reader, and nothing else', async () => {
  const sql = (await readMigrations('synapse')).map((file) => file.sql).join('\n');
  const rights = sql.match(/^(GRANT|DENY|REVOKE) .*$/gm);
  expect(rights).toEqual([
    'GRANT SELECT ON SCHEMA::warehouse TO analysts;',
    'GRANT REFERENCES ON DATABASE SCOPED CREDENTIAL::workspace TO analysts;',
    'GRANT ADMINISTER DATABASE BULK OPERATIONS TO analysts;',
  ]);
});

describe('the group of analysts', () => {
  const id = '00112233-4455-6677-8899-aabbccddeeff';

  test('is a login with its SID and a user of it, since a service principal may not ask Entra for a name', () => {
    const { master, database } = analystStatements({ name: "Analysts' ]group", id });
    expect(master).toEqual([
      "IF SUSER_ID(N'Analysts'' ]group') IS NULL CREATE LOGIN [Analysts' ]]group] WITH SID = 0x33221100554477668899AABBCCDDEEFF, TYPE = X",
    ]);
    expect(database).toEqual([
      "IF DATABASE_PRINCIPAL_ID(N'Analysts'' ]group') IS NULL CREATE USER [Analysts' ]]group] FROM LOGIN [Analysts' ]]group]",
      "ALTER ROLE analysts ADD MEMBER [Analysts' ]]group]",
    ]);
  });

  test('is looked up by its name where a person knows no id', () => {
    const { master, database } = analystStatements({ name: 'Analysts' });
    expect(master).toEqual([]);
    expect(database[0]).toContain('CREATE USER [Analysts] FROM EXTERNAL PROVIDER');
  });
});

describe('a variable', () => {
  test('is filled in wherever it stands', () => {
    expect(fillIn("LOCATION = '$(LakeUrl)'", variables)).toBe(`LOCATION = '${variables.LakeUrl}'`);
  });

  test.each(["https://drlake.dfs.core.windows.net/lake'; DROP VIEW a --", 'lake', ''])(
    'with the value %j is refused',
    (LakeUrl) => {
      expect(() => fillIn("LOCATION = '$(LakeUrl)'", { LakeUrl })).toThrow('form');
    },
  );

  test('that is not known is refused', () => {
    expect(() => fillIn('$(Password)', variables)).toThrow('no variable');
  });
});

describe('the view of', () => {
  test.each(lakeTables)(
    '%s has every column typed, and prunes by the path where it is partitioned',
    async (name) => {
      const views = (await readMigrations('synapse')).find((file) => file.name === 'repeatable/views.sql')!;
      const view = batchesOf(views.sql).find((batch) => batch.includes(`VIEW warehouse.[${name}] AS`))!;
      for (const column of Object.keys(tableOf(name).columns)) {
        expect(view).toMatch(
          new RegExp(
            `\\[${column}\\] (varchar\\(\\d+\\) COLLATE|int|bigint|bit|date|datetime2\\(3\\)|decimal\\(\\d+,\\d+\\))`,
          ),
        );
      }
      const partitioned = tableOf(name).partitionedBy !== undefined;
      partitionColumns.forEach((column, index) => {
        expect(view.includes(`r.filepath(${index + 1}) AS [${column}]`)).toBe(partitioned);
      });
      expect(view).toContain(`BULK '${name}/${partitioned ? 'year=*/month=*/day=*/' : ''}${name}.parquet'`);
    },
  );
});
