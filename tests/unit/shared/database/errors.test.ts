import { expect, test } from '@jest/globals';
import { fromNumber, fromState } from '../../../../shared/database/errors.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html: class 53, insufficient resources.
test.each([
  ['53100', 'storage-full'],
  ['53200', 'unavailable'],
  ['53300', 'unavailable'],
])('SQLSTATE %s is %s', (state, code) => {
  expect(fromState(state, 'the words of the engine', undefined).code).toBe(code);
});

// https://learn.microsoft.com/sql/relational-databases/errors-events: no room in a filegroup, a disk or the log; and
// https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues: the size quota of a database.
test.each([
  [1101, 'storage-full'],
  [1105, 'storage-full'],
  [9002, 'storage-full'],
  [40544, 'storage-full'],
  [10928, 'unavailable'],
])("SQL Server's %i is %s", (number, code) => {
  expect(fromNumber(number, 'the words of the engine', undefined).code).toBe(code);
});
