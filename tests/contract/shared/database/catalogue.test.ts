import { expect, test } from '@jest/globals';
import { catalog } from '../../../../shared/database/catalog/index.ts';
import type { Columns, Schema, SqlType } from '../../../../shared/database/catalog/types.ts';
import { schemas } from '../../../../shared/database/rights/types.ts';
import { describeEngines } from './support/describe-engines.ts';
import type { EngineColumn } from './support/engine.ts';

/** What the engines call each type of the catalogue. */
const named: Record<SqlType, readonly string[]> = {
  uuid: ['uuid', 'uniqueidentifier'],
  text: ['text', 'varchar', 'nvarchar'],
  int: ['int4', 'int'],
  bigint: ['int8', 'bigint'],
  boolean: ['bool', 'bit'],
  decimal: ['numeric', 'decimal'],
  instant: ['timestamptz', 'datetime2'],
  date: ['date'],
  json: ['jsonb', 'nvarchar'],
};

const plain = (columns: Columns): [string, SqlType][] =>
  Object.entries(columns).map(([name, type]) => [name, type.replace('?', '') as SqlType]);

/** Name and type, the type as the catalogue has it wherever the engine's own name stands for it. */
const seen = (declared: Columns, actual: readonly EngineColumn[]): [string, string][] => {
  const types = new Map(plain(declared));
  return actual.map(({ name, type }) => {
    const meant = types.get(name);
    return [name, meant !== undefined && named[meant].includes(type) ? meant : type];
  });
};

const sorted = <T extends readonly [string, unknown]>(list: readonly T[]): T[] =>
  [...list].sort(([left], [right]) => left.localeCompare(right));

describeEngines('the catalogue', (engine) => {
  for (const name of schemas) {
    const schema: Schema = catalog[name];

    test(`has exactly the views and procedures of ${name} that the engine has`, async () => {
      const found = await engine().catalogue(name);
      expect(Object.keys(found.views).sort()).toEqual(Object.keys(schema.views).sort());
      expect(Object.keys(found.procedures).sort()).toEqual(Object.keys(schema.procedures).sort());
    });

    test(`has the columns of the views of ${name} with their types`, async () => {
      const found = await engine().catalogue(name);
      for (const [view, { columns }] of Object.entries(schema.views)) {
        const actual = sorted(seen(columns, found.views[view] ?? []));
        expect([view, actual]).toEqual([view, sorted(plain(columns))]);
      }
    });

    test(`has the parameters of the procedures of ${name} with their types`, async () => {
      const found = await engine().catalogue(name);
      for (const [procedure, { parameters }] of Object.entries(schema.procedures)) {
        const actual = sorted(seen(parameters, found.procedures[procedure] ?? []));
        expect([procedure, actual]).toEqual([procedure, sorted(plain(parameters))]);
      }
    });

    test(`answers every view of ${name} through the port`, async () => {
      for (const view of Object.keys(schema.views)) {
        const rows = await engine().database.query(name, view as never, { limit: 1 });
        expect([view, Array.isArray(rows)]).toEqual([view, true]);
      }
    });
  }
});
