import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { uploadImagesRoute } from '../../../../functions/upload/routes.ts';
import { databaseCollation } from '../../../../shared/database/collation.ts';
import { maxOwnerUnits, maxSenderIdUnits } from '../../../../shared/platform/limits.ts';
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

test('what the documents say of names and ids is what the code takes', () => {
  const read = (path: string): string =>
    readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
  expect(read('docs/kafka.md')).toContain(`the user id**, up to ${maxOwnerUnits} UTF-16 units`);
  expect(read('docs/kafka.md')).toContain(
    `\`ce_id\` and \`chunk-id\` have at most ${maxSenderIdUnits} UTF-16 units`,
  );
  expect(read('docs/uploads.md')).toContain(
    `\`Idempotency-Key\` (1 to ${maxSenderIdUnits} visible ASCII characters)`,
  );
  expect(uploadImagesRoute.requestHeaders['idempotency-key']).toContain(`1 to ${maxSenderIdUnits} `);
});
