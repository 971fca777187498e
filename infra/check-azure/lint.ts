/** The lints of shared/database/lint on DacFx's model: of the project, where they find nothing, and of it with their faults. */
import { isFault, lint, rules } from '../../shared/database/lint/lint.ts';
import type { Snapshot } from '../../shared/database/lint/snapshot.ts';
import { statements } from '../../shared/database/lint/tsql.ts';
import { batchesOf } from '../../shared/database/migrations/mssql.ts';
import { lintFaults } from './lint-faults.ts';
import { resultOf, type CheckResult } from './result.ts';

const planted = lintFaults.filter(({ only }) => only !== 'server');

export const lintedScript = {
  name: 'faults for the lints',
  batches: planted.flatMap(({ plant }) => batchesOf(plant)),
};

/** What a server is asked. */
export const lintStatements = { name: 'shared/database/lint/tsql.ts', batches: Object.values(statements) };

export function lintResults(model: { snapshot: Snapshot; planted: Snapshot }): CheckResult[] {
  const faults = lint(model.snapshot).filter(isFault);
  const found = new Set(lint(model.planted).map(({ rule, object }) => `${rule}: ${object}`));
  const expected = new Set(planted.flatMap((fault) => fault.found));
  const wrong = [
    ...[...expected].filter((one) => !found.has(one)).map((one) => `not found: ${one}`),
    ...[...found]
      .filter((one) => !expected.has(one))
      .map((one) => `found, though nothing is planted: ${one}`),
  ];
  return [
    resultOf(
      'T-SQL lint',
      `${rules.length} rules`,
      faults.map(({ rule, object, detail }) => `${rule}: ${object}: ${detail}`),
    ),
    resultOf('T-SQL lint: planted faults that are not found', `${planted.length} planted`, wrong),
  ];
}
