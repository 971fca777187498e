import { describe, expect, test } from '@jest/globals';
import type { SqlType } from '../../../../shared/database/catalog/types.ts';
import { checkKeysetValues } from '../../../../shared/database/keyset-values.ts';

describe('values of a keyset', () => {
  test.each<[SqlType, readonly unknown[]]>([
    ['uuid', ['0190a5b4-7c1e-7000-8000-000000000001']],
    ['text', ['', 'Lens 😼']],
    ['int', [0, -5, 2147483647]],
    ['bigint', [9007199254740991]],
    ['boolean', [true, false]],
    ['decimal', ['0', '-12.5000', '123456789012345.1234']],
    ['instant', ['2026-03-01T10:00:00.000Z', new Date(0)]],
    ['date', ['2026-03-01']],
  ])('take what a column of type %s has', (type, values) => {
    for (const value of values) expect(() => checkKeysetValues([type], [value])).not.toThrow();
  });

  test.each<[SqlType, readonly unknown[]]>([
    ['uuid', ['1', 1, null]],
    ['text', [1, 'a\0b', 'x'.repeat(4001), ['a']]],
    ['int', [2147483648, 1.5, '1']],
    ['bigint', [2 ** 53, Number.NaN, '1']],
    ['boolean', ['true', 1]],
    ['decimal', [1, 'NaN', '1e5', '1'.repeat(40)]],
    ['instant', ['yesterday', '2026-13-01T00:00:00Z', 0, new Date(Number.NaN)]],
    ['date', ['2026-02-99', '20260301', '2026-03-01T00:00:00Z']],
    ['json', ['{}']],
  ])('refuse what no column of type %s has', (type, values) => {
    for (const value of values)
      expect(() => checkKeysetValues([type], [value])).toThrow(
        expect.objectContaining({ code: 'invalid-request' }),
      );
  });

  test('are one for each column', () => {
    expect(() => checkKeysetValues(['int', 'int'], [1])).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});
