import { expect, test } from '@jest/globals';
import type { PartitionProperties, ReceivedEventData } from '@azure/event-hubs';
import { makeHubSettings, type HubSettingsDependencies } from '../../../../shared/operations/hub-settings.ts';
import { hubs, type Hub } from '../../../../shared/stream/hubs.ts';
import { silentLog } from '../../../support/silent-log.ts';

const made = new Date('2026-02-01T00:00:00Z');
const came = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute));

interface Partition {
  readonly first: number;
  readonly last: number;
  readonly offsets: readonly [first: string, last: string];
  readonly minute: number;
}
const partition = (given: Partial<Partition> = {}): Partition => ({
  ...{ first: 10, last: 19, offsets: ['1000', '5000'], minute: 3, ...given },
});

/** Settings of a hub with these partitions; an error in their place is what the service answers. */
async function settingsOf(hub: Hub, found: readonly Partition[] | Error, partitions: number | undefined) {
  const reader: HubSettingsDependencies['reader'] = {
    createdAt: () => Promise.resolve(made),
    partitions(asked) {
      if (found instanceof Error) return Promise.reject(found);
      const properties = (asked === hub ? found : []).map(({ first, last, offsets }, index) => ({
        ...{ partitionId: String(index), isEmpty: last < first, lastEnqueuedOffset: offsets[1] },
        ...{ beginningSequenceNumber: first, lastEnqueuedSequenceNumber: last },
      }));
      return Promise.resolve(properties as PartitionProperties[]);
    },
    next(_hub, id, behind) {
      const { first, offsets, minute } = (found as readonly Partition[])[Number(id)]!;
      expect(behind).toBe(first - 1);
      return Promise.resolve({ offset: offsets[0], enqueuedTimeUtc: came(minute) } as ReceivedEventData);
    },
  };
  const read = makeHubSettings({ reader, template: { partitions, maximumUnits: 4 }, log: silentLog });
  const answer = await read();
  return { ...answer, one: answer.hubs.find((each) => each.hub === hub)! };
}

test('a hub is shown as it is, beside what the template says', async () => {
  const { one, namespace } = await settingsOf(hubs.stream, [partition(), partition({ last: 9 })], 2);
  expect(one).toEqual({
    ...{ hub: 'image-stream', consumerGroup: 'stream', problem: null, createdAt: made },
    partitions: { actual: 2, template: 2, differs: false },
    kept: { events: 10, bytes: 4000, oldestAt: came(3) },
    ...{ retentionHours: 24, largestEventBytes: 1_048_576 },
  });
  expect(namespace).toEqual({ tier: 'Standard', minimumUnits: 1, maximumUnits: 4 });
});

test('what all partitions hold is summed, with the oldest of them', async () => {
  const { one } = await settingsOf(hubs.stream, [partition(), partition({ minute: 1 })], 2);
  expect(one.kept).toEqual({ events: 20, bytes: 8000, oldestAt: came(1) });
});

test('a size is not claimed where offsets do not count bytes', async () => {
  const { one } = await settingsOf(hubs.stream, [partition({ offsets: ['a-1', 'a-9'] })], 2);
  expect(one.kept).toMatchObject({ events: 10, bytes: null });
});

test('other partitions than the template has are told; dead letters have one', async () => {
  const three = [partition(), partition(), partition()];
  expect((await settingsOf(hubs.stream, three, 2)).one.partitions).toEqual({
    ...{ actual: 3, template: 2, differs: true },
  });
  expect((await settingsOf(hubs.deadLetter, three, 2)).one.partitions).toMatchObject({
    template: 1,
    differs: true,
  });
  expect((await settingsOf(hubs.stream, three, undefined)).one.partitions).toEqual({
    ...{ actual: 3, template: null, differs: false },
  });
});

test.each([
  ['missing', Object.assign(new Error('no'), { code: 'MessagingEntityNotFoundError' })],
  ['not-reached', new Error('timeout')],
])('a hub that is %s says so, and what the template says', async (problem, error) => {
  const { one } = await settingsOf(hubs.stream, error, 2);
  expect(one).toMatchObject({
    ...{ problem, kept: null, createdAt: null, retentionHours: 24 },
    partitions: { actual: null, template: 2, differs: false },
  });
});
