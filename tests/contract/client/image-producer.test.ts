import net, { type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openImageProducer } from '../../../client/image-producer.ts';
import { apis } from '../../../infra/local/event-hubs/kafka/apis/index.ts';
import { startEventHubs } from '../../../infra/local/event-hubs/start.ts';

/**
 * What a namespace of Event Hubs answers to ApiVersions, by API key: Produce, Metadata, SaslHandshake, ApiVersions,
 * InitProducerId and SaslAuthenticate. Seen at public namespaces: oliveigah/klife issue 13, azure-event-hubs-for-kafka
 * issues 69 and 209.
 */
const announced: Readonly<Record<number, readonly [first: number, last: number]>> = {
  0: [3, 7],
  3: [0, 5],
  17: [0, 1],
  18: [0, 3],
  22: [0, 0],
  36: [0, 1],
};

let directory: string;
let eventHubs: Awaited<ReturnType<typeof startEventHubs>>;
const requests: [api: number, version: number][] = [];
const { connect } = net;

beforeAll(async () => {
  // The local hubs announce more, so that newer clients can be tried.
  for (const api of apis) {
    const versions = announced[api.key];
    if (versions !== undefined) Object.assign(api, { versions });
  }
  directory = await mkdtemp(join(tmpdir(), 'darkroom-producer-'));
  const key = Buffer.from('key').toString('base64');
  eventHubs = await startEventHubs({ dataDir: directory, amqpPort: 0, kafkaPort: 0, key, partitions: 2 });
  // Every request begins with its length, its API and its version.
  net.connect = (...given: unknown[]): Socket => {
    const socket = Reflect.apply(connect, net, given) as Socket;
    const write = Reflect.get(socket, 'write') as (...given: unknown[]) => boolean;
    socket.write = (bytes: Buffer, ...rest: never[]) => {
      requests.push([bytes.readInt16BE(4), bytes.readInt16BE(6)]);
      return Reflect.apply(write, socket, [bytes, ...rest]);
    };
    return socket;
  };
});
afterAll(async () => {
  net.connect = connect;
  await eventHubs.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('the producer of "darkroom produce"', () => {
  test('speaks only versions that Event Hubs announces', async () => {
    const producer = openImageProducer({
      broker: `127.0.0.1:${eventHubs.kafkaPort}`,
      connectionString: eventHubs.connectionString,
    });
    await producer.send([{ key: 'anna', value: Buffer.from('bytes'), headers: { ce_id: '1' } }]);
    await producer.close();
    expect(requests.some(([api]) => api === 0)).toBe(true);
    const others = requests.filter(([api, version]) => {
      const [first, last] = announced[api] ?? [0, -1];
      return version < first || version > last;
    });
    expect(others).toEqual([]);
  });
});
