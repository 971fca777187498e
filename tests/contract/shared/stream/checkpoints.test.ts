import { createServer, type AddressInfo, type Server } from 'node:net';
import type { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { makeCheckpointReader } from '../../../../shared/stream/checkpoints.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

const patience = 500;
const place = ['Hubs.Example', 'image-stream', 'stream'] as const;

let stores: TestStores;
let silent: Server;
let answering: BlobServiceClient;
let hanging: BlobServiceClient;

beforeAll(async () => {
  stores = await startStores();
  answering = blobService(stores.storage);
  const container = answering.getContainerClient('azure-webjobs-eventhub');
  await container.createIfNotExists();
  const prefix = place.join('/').toLowerCase();
  const put = (name: string, metadata: Record<string, string>) =>
    container.getBlockBlobClient(`${prefix}/${name}`).upload('', 0, { metadata });
  await put('checkpoint/0', { sequencenumber: '41' });
  await put('ownership/0', { ownerid: 'host-1' });
  // Takes connections and says nothing: a region that is down in the worst way.
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  hanging = blobService(
    `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:${port}/a;`,
  );
});
afterAll(async () => {
  silent.close();
  await stores.stop();
});

test('an account that hangs is passed over while another answers', async () => {
  const states = await makeCheckpointReader([hanging, answering], patience).read(...place);
  expect(states.get('0')).toMatchObject({ sequenceNumber: 41, ownedAt: expect.any(Date) });
});

test('when all hang it fails in time, so that a page can say that nothing can be measured', async () => {
  const reading = makeCheckpointReader([hanging], patience).read(...place);
  await expect(reading).rejects.toThrow('No storage account of a host answered.');
});
