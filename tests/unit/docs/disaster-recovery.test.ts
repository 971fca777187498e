import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { restoreSteps } from '../../../infra/local/restore/report.ts';
import { failoverSteps, situations } from '../../../infra/local/region-loss/runbook.ts';

const text = readFileSync(new URL('../../../docs/disaster-recovery.md', import.meta.url), 'utf8');

test.each([
  ['## Failing over', '## Failing back', failoverSteps],
  ['## Restoring the database', '## When the log', restoreSteps],
])('the drill walks the steps of "%s", by their names and in their order', (from, to, expected) => {
  const section = text.slice(text.indexOf(from), text.indexOf(to));
  const steps = [...section.matchAll(/^(\d)\. \*\*([^*]+)\*\*/gm)].map(([, number, name]) => [number, name]);
  expect(steps).toEqual(expected.map((name, index) => [String(index + 1), name]));
});

test('the document says what becomes of each kind of image that the drill tries', () => {
  const rows = [...text.matchAll(/^\| ([^|]+?) +\| \S/gm)].map(([, first]) => first);
  for (const words of Object.values(situations)) expect(rows).toContain(words);
});
