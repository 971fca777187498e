import { expect, test } from '@jest/globals';
import { migrationOf, readMigrations, type Migration } from '../../../../shared/database/migrations/files.ts';
import { describeEngines } from './support/describe-engines.ts';

/** Engineering may see what is in `operations`, so that each view here is asked for through its role's grant, too. */
const view = (name: string, select: string): string => `CREATE VIEW operations.${name} AS SELECT ${select};`;

const first = (select: string): Migration => migrationOf('repeatable/test_first.sql', view('first', select));
// Its name comes before that of the file that it depends on.
const second = migrationOf(
  'repeatable/test_deputy.sql',
  view('second', 'n + 1 AS n FROM operations.first AS f'),
);
const apart = migrationOf('repeatable/test_zapart.sql', view('apart', '7 AS n'));

describeEngines('repeatable files', (engine) => {
  const migrate = async (...extra: Migration[]) =>
    engine().migrate([...(await readMigrations(engine().folder)), ...extra], true);
  const rows = (name: string) => engine().sql(`SELECT * FROM operations.${name}`);
  const record = async () =>
    (await engine().sql('SELECT name, applied_at FROM deployment.migrations')).map(({ name, applied_at }) =>
      [name, String(applied_at)].join(' '),
    );

  test('are applied after the numbered ones, each after what it depends on', async () => {
    expect(await migrate(second, first('1 AS n'), apart)).toEqual([first('').name, second.name, apart.name]);
    expect(await rows('second')).toEqual([{ n: 2 }]);
  });

  test('are not applied again while they are unchanged', async () => {
    const before = await record();
    expect(await migrate(second, first('1 AS n'), apart)).toEqual([]);
    expect(await record()).toEqual(before);
  });

  test('are applied again when they have changed, with what depends on them, and nothing else is', async () => {
    // A column less and one of another type: what neither engine replaces in place.
    expect(await migrate(second, first("1 AS n, 'a' AS more"), apart)).toEqual([first('').name, second.name]);
    expect(await rows('first')).toEqual([{ n: 1, more: 'a' }]);
    expect(await migrate(second, first('40 AS n'), apart)).toEqual([first('').name, second.name]);
    expect([await rows('first'), await rows('second')]).toEqual([[{ n: 40 }], [{ n: 41 }]]);
  });

  test('keep the rights of their schema when they are made again', async () => {
    const probe = await engine().probe();
    const made = (await probe.actions()).filter(({ object }) =>
      ['first', 'second', 'apart'].includes(object),
    );
    const selects = made.filter(({ verb }) => verb === 'select');
    expect(selects.length).toBe(3);
    for (const action of selects) {
      expect([action.object, await probe.attempt('engineering', action)]).toEqual([action.object, 'allowed']);
      expect([action.object, await probe.attempt('sales', action)]).not.toEqual([action.object, 'allowed']);
    }
  });

  test('of which one fails leave everything as it was', async () => {
    const before = await record();
    const broken = migrationOf(apart.name, view('apart', 'nonsense FROM nowhere'));
    await expect(migrate(second, first('50 AS n'), broken)).rejects.toThrow(/test_zapart\.sql failed/);
    expect([await rows('first'), await rows('second'), await rows('apart')]).toEqual([
      [{ n: 40 }],
      [{ n: 41 }],
      [{ n: 7 }],
    ]);
    expect(await record()).toEqual(before);
  });

  test('of two runners at once exactly one applies a change', async () => {
    const files = [second, first('60 AS n'), apart];
    const results = await Promise.all([migrate(...files), migrate(...files)]);
    expect(results.flat()).toEqual([first('').name, second.name]);
    expect(await rows('second')).toEqual([{ n: 61 }]);
  });

  test('that are gone leave nothing behind', async () => {
    expect(await migrate(apart)).toEqual([]);
    await expect(rows('second')).rejects.toThrow(/operations\.second/);
    await expect(rows('first')).rejects.toThrow(/operations\.first/);
    expect((await record()).filter((line) => line.includes('test_'))).toHaveLength(1);
    expect(await migrate()).toEqual([]);
    await expect(rows('apart')).rejects.toThrow(/operations\.apart/);
  });
});
