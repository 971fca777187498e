import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { makeHubState } from '../../../../shared/operations/stream-state.ts';
import { hubs, readHubs } from '../../../../shared/stream/hubs.ts';
import { memoryHubs, type PartitionAt } from '../../../support/memory-hubs.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const minute = 60_000;
beforeEach(() => void jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

const clock = { now: () => now };
async function stateOf(partitions: readonly PartitionAt[], checkpointsAway = false) {
  const { reader, checkpoints, asked } = memoryHubs({ [hubs.stream]: partitions }, checkpointsAway);
  const groups = await Promise.all(readHubs.map(makeHubState({ reader, checkpoints, clock })));
  return { group: groups.find(({ hub }) => hub === hubs.stream)!, groups, asked };
}
const read = (sequenceNumber: number, ownedMsAgo = minute) => ({ sequenceNumber, ownedAt: ago(ownedMsAgo) });

describe('the state of a partition', () => {
  test('is current when its last event is settled', async () => {
    const checkpointAt = ago(5_000);
    const { group, asked } = await stateOf([
      { first: 0, last: 41, checkpoint: { ...read(41), checkpointAt } },
    ]);
    expect(group.partitions).toEqual([
      {
        ...{ partition: '0', state: 'current', events: 0, seconds: null, expired: 0 },
        ...{ lastSequenceNumber: 41, checkpoint: 41, checkpointAt: checkpointAt.toISOString() },
      },
    ]);
    expect(asked).toEqual([]);
  });

  test('is behind by the events after its checkpoint, for as long as the oldest has waited', async () => {
    const { group, asked } = await stateOf([
      { first: 0, last: 41, checkpoint: read(38), oldestAt: ago(90_400) },
    ]);
    expect(group.partitions).toMatchObject([{ state: 'behind', events: 3, seconds: 90, expired: 0 }]);
    expect(asked).toEqual([{ hub: hubs.stream, partition: '0', behind: 38 }]);
  });

  test('without a checkpoint counts all that the hub has', async () => {
    const { group, asked } = await stateOf([{ first: 10, last: 14, oldestAt: ago(0) }]);
    expect(group.partitions).toMatchObject([
      { state: 'no-consumer', events: 5, expired: 0, checkpoint: null, checkpointAt: null, seconds: 0 },
    ]);
    expect(asked).toMatchObject([{ behind: 9 }]);
  });

  test('with a checkpoint before what the hub still has counts the rest as expired', async () => {
    const { group, asked } = await stateOf([{ first: 10, last: 14, checkpoint: read(6), oldestAt: ago(0) }]);
    expect(group.partitions).toMatchObject([{ events: 5, expired: 3 }]);
    expect(asked).toMatchObject([{ behind: 9 }]);
  });

  test('whose every event has expired before it was settled is current, and says how many were lost', async () => {
    const { group } = await stateOf([{ first: 0, last: 14, isEmpty: true, checkpoint: read(6) }]);
    expect(group.partitions).toMatchObject([{ state: 'current', events: 0, expired: 8 }]);
  });

  test('that never had an event is current', async () => {
    const { group } = await stateOf([{ first: 0, last: -1, isEmpty: true }]);
    expect(group.partitions).toMatchObject([{ state: 'current', events: 0, expired: 0 }]);
  });

  test.each([
    ['a host that renewed its claim within two minutes', 2 * minute - 1, 'behind'],
    ['no host since two minutes', 2 * minute, 'no-consumer'],
  ])('is read by %s', async (_title, ownedMsAgo, state) => {
    const checkpoint = read(38, ownedMsAgo);
    const { group } = await stateOf([{ first: 0, last: 41, checkpoint, oldestAt: ago(0) }]);
    expect(group.partitions).toMatchObject([{ state }]);
  });

  test.each([
    ['when the oldest event cannot be looked at', 'away' as const, null],
    ['when none comes', undefined, null],
    ['as none when its time is ahead of the clock', ago(-5_000), 0],
  ])('tells the wait %s', async (_title, oldestAt, seconds) => {
    const waiting = { first: 0, last: 41, checkpoint: read(38) };
    const { group } = await stateOf([oldestAt === undefined ? waiting : { ...waiting, oldestAt }]);
    expect(group.partitions).toMatchObject([{ events: 3, seconds }]);
  });

  test('claims nothing when the checkpoints cannot be read', async () => {
    const { group } = await stateOf([{ first: 0, last: 41, checkpoint: read(38) }], true);
    expect(group).toMatchObject({ state: 'not-measurable', events: null, seconds: null });
    expect(group.partitions).toMatchObject([
      { state: 'not-measurable', events: null, seconds: null, expired: 0, lastSequenceNumber: 41 },
    ]);
  });
});

describe('the state of a group', () => {
  const current = { first: 0, last: 5, checkpoint: read(5) };
  const behind = { first: 0, last: 5, checkpoint: read(3), oldestAt: ago(10_000) };
  const alone = { first: 0, last: 5, checkpoint: read(1, 5 * minute), oldestAt: ago(20_000) };

  test.each([
    ['current', [current, current]],
    ['behind', [current, behind]],
    ['no-consumer', [behind, alone, current]],
  ])('is that of its worst partition: %s', async (state, partitions) => {
    expect((await stateOf(partitions)).group.state).toBe(state);
  });

  test('has the events of all partitions and the longest wait', async () => {
    expect((await stateOf([current, behind, alone])).group).toMatchObject({ events: 6, seconds: 20 });
    expect((await stateOf([current])).group).toMatchObject({ events: 0, seconds: null });
  });

  test('is told of every hub, with the group that reads it', async () => {
    expect((await stateOf([])).groups.map(({ hub, consumerGroup }) => [hub, consumerGroup])).toEqual([
      ['image-stream', 'stream'],
      ['image-processing', 'processing'],
      ['image-processing-slow', 'processing'],
      ['image-reprocessing', 'processing'],
      ['image-dead-letter', 'operations'],
    ]);
  });
});

describe('the throughput', () => {
  /** Looks at a hub that has two partitions, one of which moves, at these times. */
  async function rates(...looks: [at: number, last: number, settled: number][]) {
    const still = { first: 0, last: 7, checkpoint: read(7) };
    const state: { [hubs.stream]: PartitionAt[] } = { [hubs.stream]: [] };
    const { reader, checkpoints } = memoryHubs(state);
    const stateOf = makeHubState({ reader, checkpoints, clock });
    const found = [];
    for (const [at, last, settled] of looks) {
      jest.setSystemTime(now.getTime() + at);
      state[hubs.stream] = [still, { first: 0, last, checkpoint: read(settled) }];
      found.push((await stateOf(hubs.stream)).throughput);
    }
    return found;
  }

  test('is what came and what was settled a second since the last look; the first has none', async () => {
    expect(await rates([0, 10, 10], [2_000, 30, 15], [4_000, 30, 30])).toEqual([
      null,
      { inPerSecond: 10, settledPerSecond: 2.5 },
      { inPerSecond: 0, settledPerSecond: 7.5 },
    ]);
  });

  test('is told to two decimals', async () => {
    expect(await rates([0, 10, 10], [3_000, 11, 11])).toEqual([
      null,
      { inPerSecond: 0.33, settledPerSecond: 0.33 },
    ]);
  });

  test('is not told of looks nearer than half a second, which do not count as looks', async () => {
    expect(await rates([0, 10, 10], [499, 20, 20], [1_000, 30, 30])).toEqual([
      null,
      null,
      { inPerSecond: 20, settledPerSecond: 20 },
    ]);
    expect((await rates([0, 10, 10], [500, 20, 20]))[1]).toEqual({ inPerSecond: 20, settledPerSecond: 20 });
  });

  test('is not told after a quarter of an hour: that look begins anew', async () => {
    expect(await rates([0, 10, 10], [15 * minute + 1, 20, 20], [15 * minute + 1_001, 21, 21])).toEqual([
      null,
      null,
      { inPerSecond: 1, settledPerSecond: 1 },
    ]);
    expect((await rates([0, 0, 0], [15 * minute, 900, 900]))[1]).toEqual({
      inPerSecond: 1,
      settledPerSecond: 1,
    });
  });

  test('is never negative, whatever a failover does to numbers', async () => {
    expect((await rates([0, 100, 100], [1_000, 10, 10]))[1]).toEqual({ inPerSecond: 0, settledPerSecond: 0 });
  });
});
