import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { earliestEventPosition, EventHubConsumerClient } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import type { BlobServiceClient } from '@azure/storage-blob';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { consumerGroups, hubs } from '../../../../shared/stream/hubs.ts';
import { makeMoveCheckpoint } from '../../../../shared/stream/move-checkpoint.ts';
import { runAzurite } from '../../../support/azurite.ts';
import { runEventHubs, type TestHubs } from '../../../support/event-hubs.ts';
import { eventually } from '../../../support/eventually.ts';

const hub = hubs.processing;
const group = consumerGroups[hub];
const updateIntervalInMs = 500;

let directory: string;
let events: TestHubs;
let account: BlobServiceClient;
let store: BlobCheckpointStore;
let host: EventHubConsumerClient;
let stopStorage: () => Promise<unknown>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-move-checkpoint-'));
  const azurite = await runAzurite(join(directory, 'azurite'));
  stopStorage = () => azurite.component.stop();
  account = blobService(azurite.storage);
  const container = account.getContainerClient('azure-webjobs-eventhub');
  await container.createIfNotExists();
  store = new BlobCheckpointStore(container);
  events = await runEventHubs(directory);
  host = new EventHubConsumerClient(group, events.connectionString, hub, store, {
    identifier: 'host-1',
    loadBalancingOptions: { strategy: 'greedy', updateIntervalInMs },
  });
  host.subscribe(
    { processEvents: () => Promise.resolve(), processError: () => Promise.resolve() },
    { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
  );
}, 60_000);

afterAll(async () => {
  await host.close();
  await events.component.stop();
  await stopStorage();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const owners = async (): Promise<string[]> =>
  (await store.listOwnership(host.fullyQualifiedNamespace, hub, group)).map(({ ownerId }) => ownerId);

const ownedByHost = async (): Promise<number> =>
  (await owners()).filter((owner) => owner === 'host-1').length;

test('all partitions of a host are kept from it while they are moved, and it has them again afterwards', async () => {
  const partitions = await host.getPartitionIds();
  expect(partitions.length).toBeGreaterThan(1);
  const all = async () => ((await ownedByHost()) === partitions.length ? true : undefined);
  await eventually(all, { within: 20_000 });

  const address = { connectionString: events.connectionString };
  const move = makeMoveCheckpoint({ accounts: [account], address, holdMs: 8 * updateIntervalInMs });
  const namespace = host.fullyQualifiedNamespace;
  const moving = Promise.all(partitions.map((one) => move(namespace, hub, one, 'beginning')));
  await eventually(async () => ((await ownedByHost()) === 0 ? true : undefined), { within: 10_000 });
  const takenBack: number[] = [];
  const end = Date.now() + 6 * updateIntervalInMs;
  while (Date.now() < end) {
    takenBack.push(await ownedByHost());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await moving;
  expect(Math.max(...takenBack)).toBe(0);
  await eventually(all, { within: 20_000 });
}, 90_000);
