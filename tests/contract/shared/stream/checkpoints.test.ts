import { createServer, type AddressInfo, type Server } from 'node:net';
import type { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { makeCheckpointReader } from '../../../../shared/stream/checkpoints.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAzurite } from '../../../support/azurite.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

const timeoutMs = 500;
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
  const states = await makeCheckpointReader([hanging, answering], timeoutMs).read(...place);
  expect(states.get('0')).toMatchObject({ sequenceNumber: 41, ownedAt: expect.any(Date) });
});

test('when all hang it fails in time, so that a page can say that nothing can be measured', async () => {
  const reading = makeCheckpointReader([hanging], timeoutMs).read(...place);
  await expect(reading).rejects.toThrow('No storage account of a host answered.');
});

describe('the checkpoints of a group', () => {
  let other: BlobServiceClient;
  let stop: () => Promise<unknown>;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'darkroom-checkpoints-'));
    const { component, storage } = await runAzurite(directory);
    other = blobService(storage);
    await other.getContainerClient('azure-webjobs-eventhub').createIfNotExists();
    stop = async () => {
      await component.stop();
      await rm(directory, { recursive: true, force: true });
    };
  }, 60_000);
  afterAll(() => stop());

  /** Writes as the host of one region does; answers when the store says it was. */
  async function note(
    account: BlobServiceClient,
    group: string,
    name: string,
    metadata: Record<string, string> = {},
  ): Promise<Date> {
    const container = account.getContainerClient('azure-webjobs-eventhub');
    const path = `hubs.example/image-stream/${group}/${name}`;
    return (await container.getBlockBlobClient(path).upload('', 0, { metadata })).lastModified!;
  }
  const read = (group: string, accounts = [answering, other]) =>
    makeCheckpointReader(accounts).read('Hubs.Example', 'Image-Stream', group);

  test('are by partition the last that was settled, when, and when a host said that it reads', async () => {
    const checkpointAt = await note(answering, 'one', 'checkpoint/3', { sequencenumber: '41' });
    const ownedAt = await note(answering, 'one', 'ownership/3', { ownerid: 'host-1' });
    await note(answering, 'other', 'checkpoint/4', { sequencenumber: '7' });
    expect([...(await read('One'))]).toEqual([['3', { sequenceNumber: 41, checkpointAt, ownedAt }]]);
  });

  test('may begin at number 0, and be of a partition that was only claimed yet', async () => {
    await note(answering, 'two', 'checkpoint/0', { sequencenumber: '0' });
    const ownedAt = await note(answering, 'two', 'ownership/1', { ownerid: 'host-1' });
    const states = await read('two', [answering]);
    expect(states.get('0')).toMatchObject({ sequenceNumber: 0, ownedAt: undefined });
    expect(states.get('1')).toEqual({ sequenceNumber: undefined, checkpointAt: undefined, ownedAt });
  });

  test.each([
    ['an empty number', { sequencenumber: '' }],
    ['no number', {}],
    ['what is no number', { sequencenumber: 'x' }],
  ])('with %s say nothing of how far', async (_title, metadata) => {
    await note(answering, 'three', 'checkpoint/0', metadata);
    expect((await read('three', [answering])).get('0')?.sequenceNumber).toBeUndefined();
  });

  test.each([{ ownerid: '' }, {}])(
    'of a partition that was given up (%j) are read by nobody',
    async (metadata) => {
      await note(answering, 'four', 'checkpoint/0', { sequencenumber: '1' });
      await note(answering, 'four', 'ownership/0', metadata);
      expect((await read('four', [answering])).get('0')?.ownedAt).toBeUndefined();
    },
  );

  test('pass over what else lies there', async () => {
    await note(answering, 'five', 'lock/0', { sequencenumber: '1' });
    expect((await read('five', [answering])).size).toBe(0);
  });

  const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100));

  test('are those of the region that works: the hubs of the other one counted further', async () => {
    await note(answering, 'six', 'checkpoint/0', { sequencenumber: '1000' });
    await note(answering, 'six', 'ownership/0', { ownerid: 'host-1' });
    await aSecond();
    const checkpointAt = await note(other, 'six', 'checkpoint/0', { sequencenumber: '9' });
    const ownedAt = await note(other, 'six', 'ownership/0', { ownerid: 'host-2' });
    const expected = [['0', { sequenceNumber: 9, checkpointAt, ownedAt }]];
    expect([...(await read('six'))]).toEqual(expected);
    expect([...(await read('six', [other, answering]))]).toEqual(expected);
  });

  test('of the region that works are none until it has settled something', async () => {
    await note(other, 'seven', 'checkpoint/0', { sequencenumber: '1000' });
    await note(other, 'seven', 'checkpoint/1', { sequencenumber: '7' });
    await aSecond();
    await note(answering, 'seven', 'ownership/0', { ownerid: 'host-1' });
    for (const accounts of [undefined, [other, answering]]) {
      const states = await read('seven', accounts);
      expect(states.get('0')).toEqual({ ownedAt: expect.any(Date) });
      expect(states.get('1')?.sequenceNumber).toBe(7);
    }
  });
});
