import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  loadSecrets,
  recordStack,
  runningStack,
  wasKilled,
} from '../../../../../infra/local/supervisor/state.ts';
import { missingFullDisk, testUnless } from '../../../../support/skip-unless.ts';

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

test('a process that has the number of the stack of before is not that stack', async () => {
  recordStack(directory, record);
  expect([runningStack(directory)?.pid, wasKilled(directory)]).toEqual([process.pid, false]);
  const file = `${directory}/stack.json`;
  const kept = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...kept, processStart: 'another boot 17' }));
  expect([runningStack(directory), wasKilled(directory)]).toEqual([undefined, true]);
});

test('a stack of a version that recorded no start runs as long as its process does', async () => {
  await writeFile(`${directory}/stack.json`, JSON.stringify(record));
  expect([runningStack(directory)?.pid, wasKilled(directory)]).toEqual([process.pid, false]);
  await writeFile(`${directory}/stack.json`, JSON.stringify({ ...record, pid: 2 ** 30 }));
  expect([runningStack(directory), wasKilled(directory)]).toEqual([undefined, true]);
});

test.each(['', '{"pid": 12'])(
  'a record that is not whole (%j) is of a stack that was killed',
  async (text) => {
    await writeFile(`${directory}/stack.json`, text);
    expect([runningStack(directory), wasKilled(directory)]).toEqual([undefined, true]);
  },
);

test('secrets that are not whole are named, with what to do', async () => {
  await writeFile(`${directory}/secrets.json`, '{"storageKey": "');
  expect(() => loadSecrets(directory)).toThrow(/secrets\.json is not whole.*--fresh/);
});

testUnless(missingFullDisk)('what a full disk does not take leaves what was there', async () => {
  recordStack(directory, record);
  await symlink('/dev/full', `${directory}/stack.json.${process.pid}.new`);
  expect(() => recordStack(directory, { ...record, api: 'http://localhost:2' })).toThrow('ENOSPC');
  expect(runningStack(directory)?.api).toBe(record.api);
  recordStack(directory, { ...record, api: 'http://localhost:2' });
  expect(runningStack(directory)?.api).toBe('http://localhost:2');
});
