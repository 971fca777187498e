import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeRecordBatch } from '../../../infra/local/event-hubs/kafka/record-batch.ts';
import { encodeRecordTail } from '../../../infra/local/event-hubs/kafka/record.ts';
import { WireReader, WireWriter } from '../../../infra/local/event-hubs/kafka/wire.ts';
import { hubs } from '../../../shared/hubs.ts';
import { signIn, startTemporary } from './support.ts';

/* What no well-behaved client sends, byte by byte. Numbers are those of the Kafka protocol guide. */

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

const produceKey = 0;
const metadataKey = 3;
const handshakeKey = 17;
const apiVersionsKey = 18;
const authenticateKey = 36;
const corruptMessage = 2;
const unsupportedVersion = 35;

class Client {
  readonly socket: Socket;
  #correlation = 0;

  constructor() {
    this.socket = connect(eventHubs.kafkaPort, '127.0.0.1');
  }

  send(key: number, version: number, body: WireWriter): void {
    const parts = [...new WireWriter(false).string('test').parts, ...body.parts];
    const head = new WireWriter(false).int16(key).int16(version).int32(++this.#correlation);
    const bytes = Buffer.concat([...head.parts, ...parts]);
    this.socket.write(Buffer.concat([...new WireWriter(false).int32(bytes.length).parts, bytes]));
  }

  /** The next response, after its correlation id. */
  async response(): Promise<WireReader> {
    for (;;) {
      const length = this.socket.read(4) as Buffer | null;
      if (length) {
        const size = length.readInt32BE(0);
        for (;;) {
          const body = this.socket.read(size) as Buffer | null;
          if (body) return new WireReader(body, 4, false);
          await once(this.socket, 'readable');
        }
      }
      await once(this.socket, 'readable');
    }
  }

  async signIn(): Promise<void> {
    const { username, password } = signIn(eventHubs.kafkaPort);
    this.send(handshakeKey, 1, new WireWriter(false).string('PLAIN'));
    expect((await this.response()).int16()).toBe(0);
    this.send(authenticateKey, 1, new WireWriter(false).bytes(Buffer.from(`\0${username}\0${password}`)));
    expect((await this.response()).int16()).toBe(0);
  }
}

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client();
  try {
    await work(client);
  } finally {
    client.socket.destroy();
  }
}

const closed = (client: Client): Promise<unknown> => once(client.socket.resume(), 'close');

const batch = () =>
  encodeRecordBatch(
    [
      {
        format: 'kafka',
        payload: encodeRecordTail({ key: null, value: Buffer.from('x'), headers: [] }),
        partitionKey: undefined,
        sequence: 0,
        offset: 0,
        enqueuedAt: 0,
      },
    ],
    ({ payload }) => payload,
  );

const produceBody = (records: Buffer, acks = -1) =>
  new WireWriter(false)
    .string(null)
    .int16(acks)
    .int32(1000)
    .int32(1)
    .string(hubs.stream)
    .int32(1)
    .int32(0)
    .bytes(records);

async function produced(client: Client): Promise<{ code: number; offset: number }> {
  const response = await client.response();
  response.int32();
  response.string();
  response.int32();
  response.int32();
  return { code: response.int16(), offset: response.int64() };
}

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
