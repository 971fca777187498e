import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WireReader, WireWriter } from '../../../../../infra/local/event-hubs/kafka/wire.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { signIn, startTemporary } from './support.ts';
import {
  apiVersionsKey,
  batch,
  Client,
  corruptMessage,
  fetchBody,
  fetchedSizes,
  fetchKey,
  findCoordinatorKey,
  handshakeKey,
  initProducerIdKey,
  invalidTopic,
  metadataKey,
  offsetCommitKey,
  offsetFetchKey,
  produceBody,
  produced,
  produceKey,
  transactionalIdAuthorizationFailed,
  unknownTopicOrPartition,
  unsupportedVersion,
} from './wire-client.ts';

/* What no well-behaved client sends, byte by byte. Numbers are those of the Kafka protocol guide. */

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(eventHubs.kafkaPort);
  try {
    await work(client);
  } finally {
    client.socket.destroy();
  }
}

const closed = (client: Client): Promise<unknown> => once(client.socket.resume(), 'close');

describe('the Kafka endpoint', () => {
  test('answers an ApiVersions request of a version to come in version 0, with what it has', async () => {
    await withClient(async (client) => {
      client.send(apiVersionsKey, 99, new WireWriter(false));
      const response = await client.response();
      expect(response.int16()).toBe(unsupportedVersion);
      const ranges = response.array(() => [response.int16(), response.int16(), response.int16()]);
      expect(ranges).toContainEqual([apiVersionsKey, 0, 3]);
      expect(response.position).toBe(response.bytes.length);
    });
  });

  test('ends a connection that asks for anything before it has signed in', async () => {
    await withClient(async (client) => {
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
      await withClient(async (client) => {
        await client.signIn();
        request(client);
        await closed(client);
      });
    }
  });

  test('refuses a batch with a wrong CRC and keeps the connection', async () => {
    await withClient(async (client) => {
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
    await withClient(async (client) => {
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
    await withClient(async (client) => {
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
    await withClient(async (client) => {
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
    await withClient(async (client) => {
      client.send(handshakeKey, 0, new WireWriter(false).string('PLAIN'));
      expect((await client.response()).int16()).toBe(0);
      client.socket.write(Buffer.concat(credentials(`\0${username}\0${password}`)));
      await once(client.socket, 'readable');
      expect(client.socket.read(4)).toEqual(Buffer.alloc(4));
      client.send(metadataKey, 1, new WireWriter(false).int32(-1));
      expect((await client.response()).int32()).toBe(1);
    });
    await withClient(async (client) => {
      client.send(handshakeKey, 0, new WireWriter(false).string('PLAIN'));
      await client.response();
      client.socket.write(Buffer.concat(credentials(`\0${username}\0another`)));
      await closed(client);
    });
  });

  test('has no coordinator of transactions, and says so with a code at which every client stops', async () => {
    await withClient(async (client) => {
      await client.signIn();
      client.send(findCoordinatorKey, 1, new WireWriter(false).string('a transaction').int8(1));
      const response = await client.response();
      expect([response.int32(), response.int16()]).toEqual([0, transactionalIdAuthorizationFailed]);
    });
  });

  test('commits no offset of a hub or partition that is not there', async () => {
    await withClient(async (client) => {
      await client.signIn();
      const places = [
        [hubs.stream, 0],
        [hubs.stream, 99],
        ['no-such-hub', 0],
      ] as const;
      const body = new WireWriter(false).string('committers').int32(-1).string('').int64(-1);
      body.array(places, ([hub, index]) => {
        body.string(hub).array([index], () => body.int32(index).int64(7).string('where'));
      });
      client.send(offsetCommitKey, 2, body);
      const codes = (response: WireReader, read: () => unknown) =>
        response.array(() => [response.string(), response.array(() => [response.int32(), read()])]);
      const committed = await client.response();
      expect(codes(committed, () => committed.int16())).toEqual([
        [hubs.stream, [[0, 0]]],
        [hubs.stream, [[99, unknownTopicOrPartition]]],
        ['no-such-hub', [[0, unknownTopicOrPartition]]],
      ]);
      const wanted = new WireWriter(false).string('committers');
      wanted.array([0, 1], (index) => wanted.string(hubs.stream).array([index], () => wanted.int32(index)));
      client.send(offsetFetchKey, 1, wanted);
      const fetched = await client.response();
      const offset = () => [fetched.int64(), fetched.nullableString(), fetched.int16()];
      expect(codes(fetched, offset)).toEqual([
        [hubs.stream, [[0, [7, 'where', 0]]]],
        [hubs.stream, [[1, [-1, '', 0]]]],
      ]);
    });
  });

  test('tells a name that no topic can have from one that none has', async () => {
    await withClient(async (client) => {
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
