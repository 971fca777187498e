import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WireWriter, type WireReader } from '../../../../../infra/local/event-hubs/kafka/wire.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { startTemporary } from './support.ts';
import {
  groupSubscribedToTopic,
  inconsistentGroupProtocol,
  invalidGroupId,
  invalidSessionTimeout,
  joinGroupKey,
  offsetCommitKey,
  offsetDeleteKey,
  offsetFetchKey,
  unknownTopicOrPartition,
  withClient,
} from './wire-client.ts';

/* What consumers and administrators send of groups and their offsets, byte by byte; codes are Kafka's. */

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

describe('a Kafka consumer group', () => {
  test('commits no offset of a hub or partition that is not there', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const places = [
        [hubs.stream, 0, 'where'],
        [hubs.stream, 2, null],
        [hubs.stream, 99, ''],
        ['no-such-hub', 0, ''],
      ] as const;
      const body = new WireWriter(false).string('committers').int32(-1).string('').int64(-1);
      body.array(places, ([hub, index, metadata]) => {
        body.string(hub).array([index], () => body.int32(index).int64(7).string(metadata));
      });
      client.send(offsetCommitKey, 2, body);
      const codes = (response: WireReader, read: () => unknown) =>
        response.array(() => [response.string(), response.array(() => [response.int32(), read()])]);
      const committed = await client.response();
      expect(codes(committed, () => committed.int16())).toEqual([
        [hubs.stream, [[0, 0]]],
        [hubs.stream, [[2, 0]]],
        [hubs.stream, [[99, unknownTopicOrPartition]]],
        ['no-such-hub', [[0, unknownTopicOrPartition]]],
      ]);
      const wanted = new WireWriter(false).string('committers');
      wanted.array([0, 1, 2], (index) =>
        wanted.string(hubs.stream).array([index], () => wanted.int32(index)),
      );
      client.send(offsetFetchKey, 1, wanted);
      const fetched = await client.response();
      const offset = () => [fetched.int64(), fetched.nullableString(), fetched.int16()];
      expect(codes(fetched, offset)).toEqual([
        [hubs.stream, [[0, [7, 'where', 0]]]],
        [hubs.stream, [[1, [-1, '', 0]]]],
        [hubs.stream, [[2, [7, '', 0]]]],
      ]);
    });
  });

  test('keeps the leader epoch of an offset, and deletes the offsets of what no member of the group reads', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const reads = new WireWriter(false).int16(0);
      reads.array([hubs.stream], (hub) => reads.string(hub));
      const join = new WireWriter(false).string('deleters').int32(10_000).int32(10_000).string('');
      join.string('consumer').array(['range'], (name) => {
        join.string(name).bytes(Buffer.concat(reads.parts));
      });
      client.send(joinGroupKey, 2, join);
      const joined = await client.response();
      expect([joined.int32(), joined.int16()]).toEqual([0, 0]);
      const generation = joined.int32();
      const [, , member] = [joined.string(), joined.string(), joined.string()];

      const both = [hubs.stream, hubs.deadLetter];
      const commit = new WireWriter(false).string('deleters').int32(generation).string(member).string(null);
      commit.array(both, (hub) => {
        commit.string(hub).array([0], (index) => commit.int32(index).int64(7).int32(5).string(null));
      });
      client.send(offsetCommitKey, 7, commit);
      await client.response();
      const fetchOffsets = async () => {
        const wanted = new WireWriter(false).string('deleters');
        wanted.array(both, (hub) => wanted.string(hub).array([0], (index) => wanted.int32(index)));
        client.send(offsetFetchKey, 5, wanted);
        const response = await client.response();
        response.int32();
        const offset = () => [response.int32(), response.int64(), response.int32()];
        return response.array(() => [
          response.string(),
          response.array(() => [...offset(), response.nullableString(), response.int16()]),
        ]);
      };
      const kept = [[0, 7, 5, '', 0]];
      expect(await fetchOffsets()).toEqual(both.map((hub) => [hub, kept]));

      const unwanted = new WireWriter(false).string('deleters');
      unwanted.array(both, (hub) => unwanted.string(hub).array([0], (index) => unwanted.int32(index)));
      client.send(offsetDeleteKey, 0, unwanted);
      const deleted = await client.response();
      expect([deleted.int16(), deleted.int32()]).toEqual([0, 0]);
      const codes = () => [deleted.string(), deleted.array(() => [deleted.int32(), deleted.int16()])];
      expect(deleted.array(codes)).toEqual([
        [hubs.stream, [[0, groupSubscribedToTopic]]],
        [hubs.deadLetter, [[0, 0]]],
      ]);
      expect(await fetchOffsets()).toEqual([
        [hubs.stream, kept],
        [hubs.deadLetter, [[0, -1, -1, '', 0]]],
      ]);
    });
  });

  test('takes no member whose group has no name, or whose session is shorter or longer than Event Hubs allows', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const join = async (group: string, sessionTimeout: number, type = 'consumer') => {
        const body = new WireWriter(false).string(group).int32(sessionTimeout).int32(6000).string('');
        body.string(type).array(['range'], (name) => body.string(name).bytes(Buffer.alloc(0)));
        client.send(joinGroupKey, 2, body);
        const response = await client.response();
        return [response.int32(), response.int16()];
      };
      expect(await join('', 10_000)).toEqual([0, invalidGroupId]);
      for (const timeout of [5_999, 300_001])
        expect(await join('sessions', timeout)).toEqual([0, invalidSessionTimeout]);
      for (const timeout of [6_000, 300_000]) expect(await join(`of ${timeout}`, timeout)).toEqual([0, 0]);
      expect(await join('of 6000', 6_000, 'connect')).toEqual([0, inconsistentGroupProtocol]);
    });
  });
});
