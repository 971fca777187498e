import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WireReader, WireWriter } from '../../../../../infra/local/event-hubs/kafka/wire.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { signIn, startTemporary } from './support.ts';
import type { Client } from './wire-client.ts';
import {
  apiVersionsKey,
  authenticateKey,
  batch,
  corruptMessage,
  describeConfigsKey,
  fetchBody,
  fetchedSizes,
  fetchKey,
  findCoordinatorKey,
  handshakeKey,
  illegalSaslState,
  initProducerIdKey,
  invalidTopic,
  listOffsetsKey,
  metadataKey,
  produceBody,
  produced,
  produceKey,
  transactionalIdAuthorizationFailed,
  unknownTopicOrPartition,
  unsupportedVersion,
  withClient,
} from './wire-client.ts';

/* What no well-behaved client sends, byte by byte. Numbers are those of the Kafka protocol guide. */

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

const closed = (client: Client): Promise<unknown> => once(client.socket.resume(), 'close');

describe('the Kafka endpoint', () => {
  test('answers an ApiVersions request of a version to come in version 0, with what it has', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      client.send(apiVersionsKey, 99, new WireWriter(false));
      const response = await client.response();
      expect(response.int16()).toBe(unsupportedVersion);
      const ranges = response.array(() => [response.int16(), response.int16(), response.int16()]);
      expect(ranges).toContainEqual([apiVersionsKey, 0, 3]);
      expect(response.position).toBe(response.bytes.length);
    });
  });

  test('ends a connection that asks for anything before it has signed in', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      client.send(metadataKey, 1, new WireWriter(false).int32(-1));
      await closed(client);
    });
  });

  test('ends a connection whose request is too long, cut off inside, or not known', async () => {
    const requests: ((client: Client) => void)[] = [
      (client) => client.socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff])),
      (client) => client.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff])),
      (client) => client.send(metadataKey, 1, new WireWriter(false).int32(1000)),
      (client) => client.send(999, 0, new WireWriter(false)),
      (client) => client.send(produceKey, 2, produceBody(batch())),
    ];
    for (const request of requests) {
      await withClient(eventHubs.kafkaPort, async (client) => {
        await client.signIn();
        request(client);
        await closed(client);
      });
    }
  });

  test('refuses a batch with a wrong CRC and keeps the connection', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const wrong = batch();
      wrong[wrong.length - 1]! ^= 1;
      client.send(produceKey, 7, produceBody(wrong));
      expect(await produced(client)).toEqual({ code: corruptMessage, offset: -1 });
      client.send(produceKey, 7, produceBody(batch()));
      expect(await produced(client)).toEqual({ code: 0, offset: 0 });
    });
  });

  test('does not answer a batch that asks for no acknowledgement, and answers the rest in order', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      client.send(produceKey, 7, produceBody(batch(), 0));
      client.send(produceKey, 7, produceBody(batch()));
      client.send(produceKey, 7, produceBody(batch()));
      const first = await produced(client);
      const second = await produced(client);
      expect([first.code, second.code]).toEqual([0, 0]);
      expect(second.offset).toBe(first.offset + 1);
    });
  });

  test('gives every idempotent producer an id of its own with epoch 0, whatever id it names', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const given: number[] = [];
      for (const [id, epoch] of [
        [-1, -1],
        [0, 0],
        [0, 0],
        [0, -1],
        [12_345, 3],
      ] as const) {
        const body = new WireWriter(true).tags().string(null).int32(60_000).int64(id).int16(epoch).tags();
        client.send(initProducerIdKey, 4, body);
        const response = new WireReader((await client.response()).bytes, 4, true);
        response.tags();
        expect([response.int32(), response.int16()]).toEqual([0, 0]);
        given.push(response.int64());
        expect(response.int16()).toBe(0);
      }
      expect(new Set(given).size).toBe(5);
    });
  });

  test('holds a fetch to its limits: only the first partition that has records may go over them', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const value = Buffer.alloc(20_000, 1);
      const oneRecord = batch(undefined, value).length;
      for (const partition of [1, 2, 3]) {
        client.send(produceKey, 7, produceBody(batch(undefined, value), -1, partition));
        expect((await produced(client)).code).toBe(0);
      }
      const sizes = async (maxBytes: number, partitionBytes: number) => {
        client.send(fetchKey, 4, fetchBody([1, 2, 3], maxBytes, partitionBytes));
        return fetchedSizes(client);
      };
      expect(await sizes(1000, 1000)).toEqual([oneRecord, 0, 0]);
      expect(await sizes(1_000_000, 1000)).toEqual([oneRecord, 0, 0]);
      expect(await sizes(45_000, 1_000_000)).toEqual([oneRecord, oneRecord, 0]);
    });
  });

  test('takes credentials without a request around them after SaslHandshake version 0', async () => {
    const { username, password } = signIn(eventHubs.kafkaPort);
    const credentials = (text: string) => new WireWriter(false).bytes(Buffer.from(text)).parts;
    await withClient(eventHubs.kafkaPort, async (client) => {
      client.send(handshakeKey, 0, new WireWriter(false).string('PLAIN'));
      expect((await client.response()).int16()).toBe(0);
      client.socket.write(Buffer.concat(credentials(`\0${username}\0${password}`)));
      await once(client.socket, 'readable');
      expect(client.socket.read(4)).toEqual(Buffer.alloc(4));
      client.send(metadataKey, 1, new WireWriter(false).int32(-1));
      expect((await client.response()).int32()).toBe(1);
    });
    await withClient(eventHubs.kafkaPort, async (client) => {
      client.send(handshakeKey, 0, new WireWriter(false).string('PLAIN'));
      await client.response();
      client.socket.write(Buffer.concat(credentials(`\0${username}\0another`)));
      await closed(client);
    });
  });

  test('has no coordinator of transactions, and says so with a code at which every client stops', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      client.send(findCoordinatorKey, 1, new WireWriter(false).string('a transaction').int8(1));
      const response = await client.response();
      expect([response.int32(), response.int16()]).toEqual([0, transactionalIdAuthorizationFailed]);
    });
  });

  test('answers ListOffsets and DescribeConfigs in the version 0 that Event Hubs announces, too', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      const earliest = -2;
      const wanted = new WireWriter(false).int32(-1);
      wanted.array([hubs.stream], (hub) => {
        wanted.string(hub).array([0, 99], (index) => wanted.int32(index).int64(earliest).int32(1));
      });
      client.send(listOffsetsKey, 0, wanted);
      const listed = await client.response();
      const offsets = () => [listed.int32(), listed.int16(), listed.array(() => listed.int64())];
      expect(listed.array(() => [listed.string(), listed.array(offsets)])).toEqual([
        [
          hubs.stream,
          [
            [0, 0, [0]],
            [99, unknownTopicOrPartition, []],
          ],
        ],
      ]);
      const topic = 2;
      const asked = new WireWriter(false);
      asked.array([hubs.stream], (hub) => {
        asked
          .int8(topic)
          .string(hub)
          .array(['cleanup.policy'], (name) => asked.string(name));
      });
      client.send(describeConfigsKey, 0, asked);
      const told = await client.response();
      expect(told.int32()).toBe(0);
      const setting = () => [
        told.string(),
        told.string(),
        { isReadOnly: told.boolean(), isDefault: told.boolean(), isSensitive: told.boolean() },
      ];
      const resource = () => [
        told.int16(),
        told.nullableString(),
        told.int8(),
        told.string(),
        told.array(setting),
      ];
      expect(told.array(resource)).toEqual([
        [
          0,
          null,
          topic,
          hubs.stream,
          [['cleanup.policy', 'delete', { isReadOnly: true, isDefault: false, isSensitive: false }]],
        ],
      ]);
      expect(told.position).toBe(told.bytes.length);
    });
  });

  test('asks for a mechanism before credentials', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      client.send(authenticateKey, 1, new WireWriter(false).bytes(Buffer.from('\0user\0password')));
      expect((await client.response()).int16()).toBe(illegalSaslState);
    });
  });

  test('tells a name that no topic can have from one that none has', async () => {
    await withClient(eventHubs.kafkaPort, async (client) => {
      await client.signIn();
      for (const [name, code] of [
        ['no-such-hub', unknownTopicOrPartition],
        ['no such hub', invalidTopic],
        ['..', invalidTopic],
        ['x'.repeat(250), invalidTopic],
      ] as const) {
        const body = new WireWriter(false);
        body.array([name], (text) => body.string(text));
        client.send(metadataKey, 0, body);
        const response = await client.response();
        response.array(() => [response.int32(), response.string(), response.int32()]);
        expect([response.int32(), response.int16(), response.string()]).toEqual([1, code, name]);
      }
    });
  });
});
