import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WireWriter } from '../../../../../infra/local/event-hubs/kafka/wire.ts';
import { startTemporary } from './support.ts';
import {
  apiVersionsKey,
  batch,
  Client,
  corruptMessage,
  metadataKey,
  produceBody,
  produced,
  produceKey,
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
});
