import { expect, test } from '@jest/globals';
import { makeBulkRuns } from '../../../../../shared/operations/bulk/bulk-runs.ts';
import type { StoredRun } from '../../../../../shared/operations/bulk/bulk-run.ts';
import type { Selection } from '../../../../../shared/operations/bulk/selection.ts';
import type { JsonDocuments } from '../../../../../shared/platform/blobs/json-documents.ts';
import { systemClock } from '../../../../../shared/platform/clock.ts';

/** Runs of these states, oldest first; `read` notes which were looked at. */
function stored(states: readonly StoredRun['state'][]) {
  const runs = new Map(states.map((state, n) => [`run-${String(n).padStart(4, '0')}`, state]));
  const looked: string[] = [];
  const documents: Pick<JsonDocuments<StoredRun>, 'names' | 'read'> = {
    names: () => Promise.resolve([...runs.keys()]),
    read(id) {
      looked.push(id);
      return Promise.resolve({ id, state: runs.get(id) } as StoredRun);
    },
  };
  const made = makeBulkRuns({
    runs: documents as JsonDocuments<StoredRun>,
    selection: {} as Selection,
    clock: systemClock,
  });
  return { runs, looked, running: async () => (await made.running()).map(({ id }) => id) };
}

test('a slow run is gone on with, however many were begun after it', async () => {
  const { running } = stored(['running', ...Array.from({ length: 150 }, () => 'done' as const)]);
  expect(await running()).toEqual(['run-0000']);
});

test('what is over is read once, what runs each time', async () => {
  const { runs, looked, running } = stored(['running', 'done', 'stopped', 'running']);
  expect(await running()).toEqual(['run-0000', 'run-0003']);
  looked.length = 0;
  runs.set('run-0000', 'done');
  expect(await running()).toEqual(['run-0003']);
  expect(looked).toEqual(['run-0000', 'run-0003']);
  looked.length = 0;
  await running();
  expect(looked).toEqual(['run-0003']);
});
