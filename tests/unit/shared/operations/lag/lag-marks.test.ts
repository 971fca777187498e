import { expect, test } from '@jest/globals';
import { lagMarks } from '../../../../../shared/operations/lag/lag-marks.ts';

const at = (minutes: number): Date => new Date(Date.parse('2026-03-01T12:00:00Z') + minutes * 60_000);
const start = (minutes: number, version: string, isNew = false, services = 'stream,processing') => ({
  at: at(minutes),
  started: { services, version, isNew },
});
const change = (minutes: number, action: string, hub = 'image-stream') => ({ at: at(minutes), action, hub });
const brief = (...given: Parameters<typeof lagMarks>) =>
  lagMarks(...given).map(({ kind, hub, version, count }) => [kind, hub ?? version, count]);

test('marks are starts of hosts and changes of readers, by time', () => {
  expect(
    brief(
      [start(0, 'v1', true), start(20, 'v1')],
      [change(30, 'resumed'), change(10, 'paused'), change(12, 'held', 'image-processing')],
    ),
  ).toEqual([
    ['deployed', 'v1', 1],
    ['paused', 'image-stream', 1],
    ['held', 'image-processing', 1],
    ['started', 'v1', 1],
    ['resumed', 'image-stream', 1],
  ]);
});

test('instances that start together and partitions that are moved together are one mark', () => {
  const starts = [
    start(0, 'v2', true),
    start(1, 'v2', true),
    start(2, 'v2'),
    start(2, 'v2', false, 'operations'),
  ];
  const moves = [change(1, 'moved'), change(1, 'moved'), change(9, 'moved'), change(9, 'restarted')];
  expect(brief(starts, moves)).toEqual([
    ['deployed', 'v2', 2],
    ['moved', 'image-stream', 2],
    ['started', 'v2', 1],
    ['started', 'v2', 1],
    ['moved', 'image-stream', 1],
    ['made-anew', 'image-stream', 1],
  ]);
});

test('the way back to a release is a deployment, too', () => {
  expect(brief([start(0, 'v1', true), start(60, 'v2', true), start(80, 'v1', true)], [])).toEqual([
    ['deployed', 'v1', 1],
    ['deployed', 'v2', 1],
    ['deployed', 'v1', 1],
  ]);
});

test('a mark says what was done and not who did it, nor why', () => {
  const row = { ...change(0, 'paused'), actor: 'anna@example.com', reason: 'Anna said so' };
  expect(JSON.stringify(lagMarks([], [row]))).not.toMatch(/anna/i);
});

test('what is no change of how a reader reads makes no mark', () => {
  expect(brief([], [change(0, 'seen'), change(0, 'set')])).toEqual([]);
});
