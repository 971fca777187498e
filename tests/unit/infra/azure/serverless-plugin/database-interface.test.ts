import { describe, expect, test } from '@jest/globals';
import {
  interfaceOf,
  unserved,
  usedInterface,
} from '../../../../../infra/azure/serverless-plugin/database-interface.ts';
import { catalog } from '../../../../../shared/database/catalog/index.ts';
import { leaving } from '../../../../../shared/database/catalog/leaving.ts';
import type { Columns } from '../../../../../shared/database/catalog/types.ts';

/** A schema with one view and one procedure. */
const schema = (columns: Columns, parameters: Columns = {}, returns: Columns = {}) =>
  interfaceOf({
    desk: {
      views: { items: { key: ['id'], columns } },
      procedures: { add: { parameters, returns } },
    },
  });

const used = schema(
  { id: 'int', name: 'text', note: 'text?' },
  { id: 'int', note: 'text?' },
  { at: 'instant' },
);

test('a release runs on the schema that it was made with', () => {
  expect(unserved(interfaceOf(), interfaceOf())).toEqual([]);
  expect(Object.keys(interfaceOf().views)).toContain('sales.products');
});

describe('the release of before runs on a schema', () => {
  test.each([
    [
      'with more columns',
      schema(
        { id: 'int', name: 'text', note: 'text?', more: 'int' },
        { id: 'int', note: 'text?' },
        { at: 'instant' },
      ),
    ],
    [
      'with an optional parameter more',
      schema(
        { id: 'int', name: 'text', note: 'text?' },
        { id: 'int', note: 'text?', more: 'int?' },
        { at: 'instant' },
      ),
    ],
    [
      'that takes less for granted',
      schema(
        { id: 'int', name: 'text', note: 'text' },
        { id: 'int?', note: 'text?' },
        { at: 'instant', by: 'text' },
      ),
    ],
  ])('%s', (_, next) => expect(unserved(used, next)).toEqual([]));
});

describe('and does not run on one', () => {
  const columns = { id: 'int', name: 'text', note: 'text?' } as const;
  const parameters = { id: 'int', note: 'text?' } as const;
  const returns = { at: 'instant' } as const;
  test.each([
    ['without the view', { ...used, views: {} }, 'there is no view desk.items'],
    ['without the procedure', { ...used, procedures: {} }, 'there is no procedure desk.add'],
    [
      'without a column',
      schema({ id: 'int', note: 'text?' }, parameters, returns),
      'desk.items has no name any more',
    ],
    [
      'with another type',
      schema({ ...columns, id: 'bigint' }, parameters, returns),
      'desk.items has id as bigint, which was int',
    ],
    [
      'with no value where there was one',
      schema({ ...columns, name: 'text?' }, parameters, returns),
      'desk.items may have no value in name',
    ],
    ['without a parameter', schema(columns, { id: 'int' }, returns), 'desk.add takes no note any more'],
    [
      'with a parameter of another type',
      schema(columns, { ...parameters, id: 'uuid' }, returns),
      'desk.add takes id as uuid, which was int',
    ],
    [
      'that wants what could be left out',
      schema(columns, { id: 'int', note: 'text' }, returns),
      'desk.add does not go without note any more',
    ],
    [
      'that wants a new parameter',
      schema(columns, { ...parameters, by: 'text' }, returns),
      'desk.add does not go without by',
    ],
    ['that returns less', schema(columns, parameters, {}), 'desk.add has no at any more'],
  ])('%s', (_, next, fault) => expect(unserved(used, next)).toEqual([fault]));
});

test('what a release names as leaving may go in the next one', () => {
  const next = { views: { 'desk.items': { id: 'int', note: 'text?' } }, procedures: {} } as const;
  expect(unserved(usedInterface(used, ['desk.items.name', 'desk.add']), next)).toEqual([]);
  expect(unserved(usedInterface(used, ['desk.items']), { views: {}, procedures: used.procedures })).toEqual(
    [],
  );
});

test('what is leaving is there', () => {
  const { views, procedures } = interfaceOf(catalog);
  const names = [
    ...Object.keys(procedures),
    ...Object.entries(views).flatMap(([name, columns]) => [
      name,
      ...Object.keys(columns).map((column) => `${name}.${column}`),
    ]),
  ];
  for (const name of leaving) expect(names).toContain(name);
});
