/**
 * Holds what only Azure would otherwise refuse to Microsoft's own engines, without a subscription:
 * `npm run check:azure`. The template and SQL need the .NET SDK and NuGet; without them their checks are skipped, loudly.
 */
import { checkQueries } from './queries.ts';
import { checkPowerQuery } from './power-query.ts';
import type { CheckResult } from './result.ts';
import { checkSql } from './sql.ts';
import { checkTemplate } from './template.ts';

/** Add a check here: it answers one result for each thing that can pass or fail. */
const checks: readonly (() => Promise<readonly CheckResult[]>)[] = [
  checkQueries,
  checkPowerQuery,
  checkTemplate,
  checkSql,
];

const marks = { passed: 'ok     ', failed: 'FAILED ', skipped: 'SKIPPED' } as const;

const results: CheckResult[] = [];
for (const check of checks) {
  for (const result of await check()) {
    console.log(`${marks[result.status]} ${result.name}: ${result.detail.replaceAll('\n', '\n          ')}`);
    results.push(result);
  }
}
const count = (status: CheckResult['status']): number =>
  results.filter((result) => result.status === status).length;
if (count('skipped') > 0) {
  console.log(
    `\nNOT CHECKED: ${count('skipped')} checks were skipped. Azure may still refuse what they cover.`,
  );
}
console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exitCode = count('failed') > 0 ? 1 : 0;
