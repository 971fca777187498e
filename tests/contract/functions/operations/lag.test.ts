import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AllHubSettings, LagHistory } from '../../../../client/api-types.ts';
import { measureLag } from '../../../../functions/operations/measure-lag.ts';
import { lagLog } from '../../../../functions/lag-log.ts';
import { minute } from '../../../../shared/platform/clock.ts';
import { hubs, readHubs } from '../../../../shared/stream/hubs.ts';
import { eventually } from '../../../support/eventually.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { startOperations } from './support.ts';
import '../../../../functions/operations/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
beforeAll(async () => {
  stack = await startOperations();
}, 180_000);
afterAll(() => stack.stop());

const ask = async <T>(path: string): Promise<T> => {
  const { status, body } = await stack.ask('GET', path);
  expect(status).toBe(200);
  return body as T;
};
const history = () => ask<LagHistory>(`/lag?hub=${hubs.reprocessing}&minutes=60`);
const send = async (count: number) => {
  for (let sent = 0; sent < count; sent += 1)
    await stack.pipeline.events.send(hubs.reprocessing, { value: Buffer.from('x') });
};

test('before the first point there is none, and nothing is claimed', async () => {
  const { hubs: found, marks, isComplete } = await history();
  expect(found).toEqual([
    {
      ...{ hub: 'image-reprocessing', consumerGroup: 'processing', points: [] },
      trend: {
        ...{ state: 'unknown', eventsPerMinute: null, drainSeconds: null },
        ...{ inPerSecond: null, outPerSecond: null },
      },
    },
  ]);
  expect({ marks, isComplete }).toEqual({ marks: [], isComplete: true });
});

test('a minute apart, points tell what waits, what came, and where it is heading', async () => {
  for (const [index, count] of [2, 4, 4].entries()) {
    stack.clock.moveClock((index + 1) * minute);
    await send(count);
    await measureLag(silentLog);
  }
  const [found] = (await history()).hubs;
  expect(found!.points.map(({ events }) => events)).toEqual([2, 6, 10]);
  expect(found!.points[0]).toMatchObject({ inPerSecond: null, outPerSecond: null });
  for (const { inPerSecond, outPerSecond, seconds } of found!.points.slice(1)) {
    expect(inPerSecond).toBeCloseTo(4 / 60, 1);
    expect(outPerSecond).toBe(0);
    // By a clock that was moved ahead of the hub's.
    expect(seconds).toBeGreaterThanOrEqual(60);
  }
  expect(found!.trend).toMatchObject({ state: 'growing', drainSeconds: null });
  // The clock was moved by a minute, and went on meanwhile.
  const [first, last] = [found!.points[0]!, found!.points.at(-1)!];
  const minutes = (Date.parse(last.at) - Date.parse(first.at)) / minute;
  expect(found!.trend.eventsPerMinute).toBeCloseTo((last.events! - first.events!) / minutes, 0);
});

test('when the reader has read them, nothing waits', async () => {
  const reader = stack.consume(hubs.reprocessing, () => Promise.resolve());
  const last = await eventually(
    async () => {
      stack.clock.moveClock(4 * minute);
      await measureLag(silentLog);
      const { points } = await (await lagLog()).since(new Date(0));
      const counts = points.at(-1)!.hubs.find(({ hub }) => hub === hubs.reprocessing);
      return counts?.events === 0 ? counts : undefined;
    },
    { within: 30_000, every: 300 },
  );
  await reader.close();
  expect(last).toMatchObject({ sent: 10, done: 10, expired: 0 });
});

test('what was done to the readers is marked, without who and why', async () => {
  const body = { hubs: [hubs.reprocessing], dryRun: false, reason: 'Anna asked for it' };
  await stack.ask('POST', '/readers/pause', body);
  await stack.ask('POST', '/readers/resume', body);
  const { marks } = await history();
  expect(marks.map(({ kind, hub }) => [kind, hub])).toEqual([
    ['paused', hubs.reprocessing],
    ['resumed', hubs.reprocessing],
  ]);
  expect(JSON.stringify(marks)).not.toMatch(/anna|eve/i);
});

test('is told of every hub that has a reader, or of one; other minutes than a day has are refused', async () => {
  const { hubs: all } = await ask<LagHistory>('/lag');
  expect(all.map(({ hub }) => hub)).toEqual(readHubs);
  expect((await stack.ask('GET', '/lag?minutes=1441')).status).toBe(400);
  expect((await stack.ask('GET', '/lag?hub=other')).status).toBe(400);
});

test('the settings of a hub are those that it has', async () => {
  const { hubs: found } = await ask<AllHubSettings>('/hubs');
  const one = found.find(({ hub }) => hub === hubs.reprocessing)!;
  expect(one).toMatchObject({
    ...{ problem: null, retentionHours: 24, largestEventBytes: 1_048_576 },
    kept: { events: 10 },
  });
  expect(one.kept!.bytes).toBeGreaterThan(10);
  expect(Math.abs(Date.parse(one.createdAt!) - Date.now())).toBeLessThan(10 * minute);
  const partitions = (hub: string) => found.find((each) => each.hub === hub)!.partitions.actual;
  expect(partitions(hubs.deadLetter)).toBe(1);
});
