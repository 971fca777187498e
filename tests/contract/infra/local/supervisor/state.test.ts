import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordStack, runningStack, wasKilled } from '../../../../../infra/local/supervisor/state.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-state-`);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const record = { pid: process.pid, api: 'http://localhost:1', storage: 'x'.repeat(50_000) } as Parameters<
  typeof recordStack
>[1];

test('the record of a running stack is whole whenever it is read', async () => {
  recordStack(directory, record);
  const module = new URL('../../../../../infra/local/supervisor/state.ts', import.meta.url).href;
  const writer = spawn(process.execPath, [
    '--no-warnings',
    '--input-type=module',
    '-e',
    `import { recordStack } from ${JSON.stringify(module)};
     for (let n = 0; n < 3000; n += 1) recordStack(${JSON.stringify(directory)}, ${JSON.stringify(record)});`,
  ]);
  const ended = new Promise<number | null>((resolve) => writer.once('exit', resolve));
  let reads = 0;
  while (writer.exitCode === null) {
    expect(runningStack(directory)?.storage).toHaveLength(50_000);
    reads += 1;
    await turn();
  }
  expect([await ended, reads > 100]).toEqual([0, true]);
});

test('a stack whose process is gone without a word was killed', () => {
  expect(wasKilled(directory)).toBe(false);
  recordStack(directory, { ...record, pid: 2 ** 30 });
  expect([runningStack(directory), wasKilled(directory)]).toEqual([undefined, true]);
});
