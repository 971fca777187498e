import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { catalog } from '../../../../shared/database/catalog/index.ts';
import type { SqlType } from '../../../../shared/database/catalog/types.ts';
import { lakeTables, tableOf } from '../../../../shared/lake/schema.ts';
import { synapseViews } from '../../../../shared/lake/views/synapse.ts';
import { viewsMigration } from '../../../../infra/warehouse/generate.ts';

/** What the orders database knows of a person, and names that would be somebody's elsewhere. */
const personal =
  /^(member_id|membership_id|email|date_of_birth|mobile|phone|owner|actor|address|(first|last|full)_?name|correlation_id|sha256|path|placed_by|completed_by|cancelled_by|reason)$/i;

const classes = ['business', 'pseudonym', 'image', 'technical'];

describe.each(lakeTables)('%s', (name) => {
  const { columns, key, grain, partitionedBy } = tableOf(name);
  const view = catalog.warehouse.views[name];

  test('has the columns of its view, of the same types, and null only where the view has it', () => {
    const lakeType = (type: string): SqlType =>
      type.startsWith('text') ? 'text' : type.startsWith('decimal') ? 'decimal' : (type as SqlType);
    const lake = Object.entries(columns).map(([column, { type, nullable }]) => [
      column,
      `${lakeType(type)}${nullable === true ? '?' : ''}`,
    ]);
    const database = Object.entries(view.columns).map(([column, type]) => [
      column,
      type.replace('uuid', 'text'),
    ]);
    expect(lake).toEqual(database);
    expect(key).toEqual(view.key);
  });

  test('says its grain, is keyed and partitioned by columns that it has, and says which change is the latest', () => {
    expect(grain).toMatch(/^One row for each/);
    for (const column of [...key, ...(partitionedBy ?? '').split(' ').filter(Boolean), 'changed']) {
      expect(Object.keys(columns)).toContain(column);
    }
  });

  test('has a class and a description for every column, and no personal data', () => {
    for (const [column, { is, about }] of Object.entries(columns)) {
      expect(classes).toContain(is);
      expect(about.length).toBeGreaterThan(3);
      expect(column).not.toMatch(personal);
    }
  });

  test('keeps what is about one image out of what stays', () => {
    const classesOf = new Set(Object.values(columns).map(({ is }) => is));
    expect(classesOf.has('image')).toBe(name === 'fact_images');
  });
});

test('the Synapse views are those of the schema (else: node infra/warehouse/generate.ts)', () => {
  expect(readFileSync(viewsMigration, 'utf8')).toBe(synapseViews());
});
