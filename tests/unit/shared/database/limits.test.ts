import { expect, test } from '@jest/globals';
import { databaseCollation } from '../../../../shared/database/collation.ts';
import { maxOwnerUnits } from '../../../../shared/database/limits.ts';
import { readMigrations } from '../../../../shared/database/migrations/files.ts';

const columns = /^ {2}(owner|actor|\w+_by) +n?varchar\((\d+)\)/gm;
const variables = /(@actor|@said|actor\(\) RETURNS) nvarchar\((\d+)\)/g;

test.each(['azure', 'embedded'] as const)(
  'sql/%s: every owner and actor is as long as the limit says',
  async (folder) => {
    const sql = (await readMigrations(folder)).map((file) => file.sql).join('\n');
    const found = [...sql.matchAll(columns), ...sql.matchAll(variables)].map(
      ([, name, units]) => `${name} ${units}`,
    );
    expect(found.length).toBeGreaterThan(13);
    expect(found.filter((one) => !one.endsWith(` ${maxOwnerUnits}`))).toEqual([]);
  },
);

test('PostgreSQL, which counts characters, limits the UTF-16 units of an owner, too', async () => {
  const tables = (await readMigrations('embedded')).find(({ name }) => name === '002-imaging-tables.sql');
  expect(tables!.sql).toContain(`CHECK (imaging.utf16_length(owner) <= ${maxOwnerUnits})`);
});

test('the collation tells supplementary characters apart and ignores case alone', () => {
  expect(databaseCollation).toMatch(/^Latin1_General_100_CI_AS(_KS)?(_WS)?_SC(_UTF8)?$/);
});
