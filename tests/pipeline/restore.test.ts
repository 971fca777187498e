import { beforeAll, expect, test } from '@jest/globals';
import { drillRestore } from '../../infra/local/restore/drill.ts';
import { restoreSteps, type RestoreReport } from '../../infra/local/restore/report.ts';

let report: RestoreReport;
beforeAll(async () => {
  report = await drillRestore();
}, 600_000);

test('a database is restored to an earlier moment by the steps of the runbook, in their order', () => {
  expect(report.steps.map(({ step }) => step)).toEqual(restoreSteps);
});

test('and what was lost, erased and used again is as it should be', () => {
  expect(report.compared.length).toBeGreaterThan(5);
  expect(report.compared.filter(({ expected, found }) => expected !== found)).toEqual([]);
  expect(report.wrong).toBe(0);
});
