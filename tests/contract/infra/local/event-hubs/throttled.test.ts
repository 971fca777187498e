import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventHubProducerClient } from '@azure/event-hubs';
import { hubs } from '../../../../../shared/stream/hubs.ts';
import { startTemporary } from './support.ts';
import { batch, produceBody, produceKey, withClient } from './wire-client.ts';

/* A namespace beyond its throughput units: `throttle_time_ms` for Kafka, `com.microsoft:server-busy` for AMQP. */

let eventHubs: Awaited<ReturnType<typeof startTemporary>>;
beforeAll(async () => {
  eventHubs = await startTemporary();
});
afterAll(() => eventHubs.stop());

async function throttleTime(): Promise<number> {
  let told = -1;
  await withClient(eventHubs.kafkaPort, async (client) => {
    await client.signIn();
    client.send(produceKey, 7, produceBody(batch()));
    const response = await client.response();
    const partition = () => [response.int32(), response.int16(), ...[1, 2, 3].map(() => response.int64())];
    expect(response.array(() => [response.string(), response.array(partition)])).toEqual([
      [hubs.stream, [[0, 0, ...[1, 2, 3].map(() => expect.any(Number))]]],
    ]);
    told = response.int32();
  });
  return told;
}

test('while a drill throttles it, Kafka producers are told to wait and AMQP ones are refused as busy', async () => {
  const file = join(eventHubs.dataDir, 'throttle-ms');
  const producer = new EventHubProducerClient(eventHubs.connectionString, hubs.stream, {
    retryOptions: { maxRetries: 0 },
  });
  const send = () => producer.sendBatch([{ body: 'x' }]);
  expect(await throttleTime()).toBe(0);
  await send();
  await writeFile(file, '1500');
  expect(await throttleTime()).toBe(1500);
  await expect(send()).rejects.toMatchObject({ code: 'ServerBusyError', retryable: true });
  await rm(file);
  expect(await throttleTime()).toBe(0);
  await send();
  await producer.close();
});
