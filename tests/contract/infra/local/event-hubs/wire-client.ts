import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { crc32c } from '@aws-crypto/crc32c';
import { expect } from '@jest/globals';
import { fetchedBatches } from '../../../../../infra/local/event-hubs/kafka/fetched-batches.ts';
import { encodeRecordTail } from '../../../../../infra/local/event-hubs/kafka/record.ts';
import { WireReader, WireWriter } from '../../../../../infra/local/event-hubs/kafka/wire.ts';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { key, signIn } from './support.ts';

/* Numbers are those of the Kafka protocol guide. */

export const produceKey = 0;
export const fetchKey = 1;
export const listOffsetsKey = 2;
export const metadataKey = 3;
export const offsetCommitKey = 8;
export const offsetFetchKey = 9;
export const findCoordinatorKey = 10;
export const joinGroupKey = 11;
export const handshakeKey = 17;
export const apiVersionsKey = 18;
export const initProducerIdKey = 22;
export const describeConfigsKey = 32;
export const offsetDeleteKey = 47;
export const authenticateKey = 36;
export const corruptMessage = 2;
export const unknownTopicOrPartition = 3;
export const invalidTopic = 17;
export const inconsistentGroupProtocol = 23;
export const invalidGroupId = 24;
export const invalidSessionTimeout = 26;
export const groupSubscribedToTopic = 86;
export const illegalSaslState = 34;
export const unsupportedVersion = 35;
export const transactionalIdAuthorizationFailed = 53;

/** A Kafka client that sends what it is told to, well formed or not. */
export class Client {
  readonly socket: Socket;
  #correlation = 0;

  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
    this.socket = connect(port, '127.0.0.1');
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

  async signIn(accessKey = key): Promise<void> {
    const { username, password } = signIn(this.#port, accessKey);
    this.send(handshakeKey, 1, new WireWriter(false).string('PLAIN'));
    expect((await this.response()).int16()).toBe(0);
    this.send(authenticateKey, 1, new WireWriter(false).bytes(Buffer.from(`\0${username}\0${password}`)));
    expect((await this.response()).int16()).toBe(0);
  }
}

const everything = { maxBytes: Number.MAX_SAFE_INTEGER, sendsFirst: true };

/** One record in a batch, from an idempotent producer if one is named. */
export function batch(producer?: { id: number; sequence: number }, value = Buffer.from('x')): Buffer {
  const bytes = fetchedBatches(
    [
      {
        format: 'kafka',
        payload: encodeRecordTail({ key: null, value, headers: [] }),
        partitionKey: undefined,
        sequence: 0,
        offset: 0,
        enqueuedAt: 0,
      },
    ],
    everything,
  );
  if (producer) {
    bytes.writeBigInt64BE(BigInt(producer.id), 43);
    bytes.writeInt16BE(0, 51);
    bytes.writeInt32BE(producer.sequence, 53);
    bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17);
  }
  return bytes;
}

export const produceBody = (records: Buffer, acks = -1, partition = 0) =>
  new WireWriter(false)
    .string(null)
    .int16(acks)
    .int32(1000)
    .int32(1)
    .string(hubs.stream)
    .int32(1)
    .int32(partition)
    .bytes(records);

/** Error code and base offset of a produce response, version 7. */
export async function produced(client: Client): Promise<{ code: number; offset: number }> {
  const response = await client.response();
  response.int32();
  response.string();
  response.int32();
  response.int32();
  return { code: response.int16(), offset: response.int64() };
}

/** A fetch, version 4, from the beginning of partitions of one hub. */
export const fetchBody = (partitions: readonly number[], maxBytes: number, maxPartitionBytes: number) => {
  const body = new WireWriter(false).int32(-1).int32(0).int32(1).int32(maxBytes).int8(0);
  return body.array([hubs.stream], (hub) => {
    body.string(hub).array(partitions, (index) => body.int32(index).int64(0).int32(maxPartitionBytes));
  });
};

/** Bytes of records that each partition of a fetch response has, version 4. */
export async function fetchedSizes(client: Client): Promise<number[]> {
  const response = await client.response();
  response.int32();
  const topics = response.array(() => {
    response.string();
    return response.array(() => {
      response.int32();
      expect(response.int16()).toBe(0);
      response.int64();
      response.int64();
      response.array(() => undefined);
      return response.nullableBytes()?.length ?? 0;
    })!;
  });
  return topics!.flat();
}

export async function withClient(port: number, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(port);
  try {
    await work(client);
  } finally {
    client.socket.destroy();
  }
}
