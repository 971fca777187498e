import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Groups } from '../../../../../infra/local/event-hubs/kafka/groups.ts';
import { day, hour } from '../../../../../shared/platform/clock.ts';

let directory: string;
let now: number;
const clock = { now: () => new Date(now) };

beforeEach(async () => {
  directory = await mkdtemp(`${tmpdir()}/darkroom-groups-`);
  now = Date.now();
});
afterEach(() => rm(directory, { recursive: true }));

const offset = { 'hub/0': { offset: 5, leaderEpoch: -1, metadata: '' } };

test('offsets are kept for seven days after the last commit of their group, and then leave no file', async () => {
  const groups = new Groups(directory, clock);
  await groups.offsets.commit('console-consumer-1', offset);
  now += day;
  await groups.offsets.commit('console-consumer-2', offset);
  now += 6 * day - hour;
  await groups.enforceRetention();
  expect((await groups.names()).sort()).toEqual(['console-consumer-1', 'console-consumer-2']);
  now += 2 * hour;
  await groups.enforceRetention();
  expect(await groups.names()).toEqual(['console-consumer-2']);
  expect(await groups.offsets.read('console-consumer-1')).toEqual({});
  // A commit counts from when it was made, also for a process that starts after it.
  const again = new Groups(directory, clock);
  await again.enforceRetention();
  expect(await again.offsets.read('console-consumer-2')).toEqual(offset);
  now += day;
  await again.enforceRetention();
  expect(await readdir(directory)).toEqual([]);
});
