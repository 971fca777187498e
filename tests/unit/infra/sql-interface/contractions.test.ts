import { describe, expect, test } from '@jest/globals';
import { contractionsIn } from '../../../../infra/sql-interface/contractions.ts';
import { migrationOf, readMigrations } from '../../../../shared/database/migrations/files.ts';

test.each(['azure', 'embedded'] as const)(
  'no migration of sql/%s breaks the release before it',
  async (engine) => {
    expect(contractionsIn(await readMigrations(engine))).toEqual([]);
  },
);

const after = (sql: string, name = '004-next.sql') => contractionsIn([migrationOf(name, sql)]);

describe('a migration after the first release', () => {
  test.each([
    'ALTER TABLE orders.members DROP COLUMN mobile;',
    'DROP TABLE imaging.exports;',
    "EXEC sp_rename N'orders.members.mobile', N'phone', N'COLUMN';",
    'ALTER TABLE orders.members RENAME COLUMN mobile TO phone;',
    'ALTER TABLE orders.members ALTER COLUMN mobile nvarchar(20) NOT NULL;',
    'ALTER TABLE orders.members ALTER COLUMN mobile TYPE varchar(20);',
    'ALTER TABLE orders.members ALTER COLUMN mobile SET NOT NULL;',
    'ALTER TABLE orders.members ADD phone nvarchar(40) NOT NULL;',
    'ALTER TABLE orders.members ADD COLUMN phone text NOT NULL;',
    "ALTER TABLE orders.members ADD CONSTRAINT ck_phone CHECK (mobile LIKE '+%');",
    'DENY SELECT ON SCHEMA::sales TO analytics;',
  ])('may not say %s', (sql) => {
    expect(after(sql)).toHaveLength(1);
  });

  test.each([
    'ALTER TABLE orders.members ADD phone nvarchar(40) NULL;',
    "ALTER TABLE orders.members ADD phone nvarchar(40) NOT NULL CONSTRAINT df_phone DEFAULT N'';",
    'ALTER TABLE orders.members ADD COLUMN phone text;',
    'CREATE TABLE orders.phones (member_id bigint NOT NULL);',
    'CREATE INDEX ix_members_phone ON orders.members (phone);',
    '-- DROP TABLE orders.members;',
    'GRANT SELECT ON SCHEMA::sales TO analytics;',
  ])('may say %s', (sql) => {
    expect(after(sql)).toEqual([]);
  });

  test('may take away what an earlier one made unnecessary, and says which', () => {
    const expand = migrationOf('004-phone.sql', 'ALTER TABLE orders.members ADD phone nvarchar(40) NULL;');
    const drop = 'ALTER TABLE orders.members DROP COLUMN mobile;';
    const declared = migrationOf('005-mobile.sql', `-- contracts: 004-phone.sql\n${drop}`);
    const elsewhere = migrationOf('005-mobile.sql', `-- contracts: 009-phone.sql\n${drop}`);
    expect(contractionsIn([expand, declared])).toEqual([]);
    expect(contractionsIn([expand, elsewhere])).toEqual(['005-mobile.sql drops']);
  });

  test('may widen a list of values, and may not narrow it', () => {
    const table = migrationOf(
      '004-kinds.sql',
      "CREATE TABLE t (kind text CONSTRAINT ck_kind CHECK (kind IN ('a', 'b')));",
    );
    const anew = (values: string) =>
      migrationOf(
        '005-kinds.sql',
        `ALTER TABLE t DROP CONSTRAINT ck_kind; ALTER TABLE t ADD CONSTRAINT ck_kind CHECK (kind IN (${values}));`,
      );
    expect(contractionsIn([table, anew("'a', 'c', 'b'")])).toEqual([]);
    expect(contractionsIn([table, anew("'a', 'c'")])).toEqual([
      '005-kinds.sql adds a check that old writers may fail',
    ]);
  });
});
