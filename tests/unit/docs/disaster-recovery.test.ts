import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { failoverSteps, situations } from '../../../infra/local/region-loss/runbook.ts';

const text = readFileSync(new URL('../../../docs/disaster-recovery.md', import.meta.url), 'utf8');

test('the drill walks the steps of "Failing over to the paired region", by their names and in their order', () => {
  const section = text.slice(text.indexOf('## Failing over'), text.indexOf('## Failing back'));
  const steps = [...section.matchAll(/^(\d)\. \*\*([^*]+)\*\*/gm)].map(([, number, name]) => [number, name]);
  expect(steps).toEqual(failoverSteps.map((name, index) => [String(index + 1), name]));
});

test('the document says what becomes of each kind of image that the drill tries', () => {
  const rows = [...text.matchAll(/^\| ([^|]+?) +\| \S/gm)].map(([, first]) => first);
  for (const words of Object.values(situations)) expect(rows).toContain(words);
});
