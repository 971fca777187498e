import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContainerClient } from '@azure/storage-blob';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { makeDayLog } from '../../../../shared/platform/blobs/day-log.ts';
import { makeJsonDocuments } from '../../../../shared/platform/blobs/json-documents.ts';
import { keptDays, makeLagLog } from '../../../../shared/operations/lag/lag-log.ts';
import { makeNoteStart } from '../../../../shared/operations/lag/note-start.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

let stores: TestStores;
let container: ContainerClient;
beforeAll(async () => {
  stores = await startStores();
  container = blobService(stores.storage).getContainerClient(containers.operations);
}, 180_000);
afterAll(() => stores.stop());

const names = async (prefix: string): Promise<string[]> => {
  const found = [];
  for await (const { name } of container.listBlobsFlat({ prefix })) found.push(name);
  return found.sort();
};
const open = (prefix: string) => makeLagLog(makeDayLog(container, prefix, keptDays));
const counts = { hub: 'image-stream', events: 3, seconds: 12, sent: 10, done: 7, expired: 0 };
const pointAt = (time: string) => ({ at: new Date(time), hubs: [counts] });

describe('the log of the lag', () => {
  test('keeps what instances add side by side, over restarts, a blob a day', async () => {
    const minutes = Array.from({ length: 20 }, (_, index) =>
      pointAt(`2026-03-01T12:${String(index).padStart(2, '0')}:00.000Z`),
    );
    await Promise.all(minutes.map((point) => open('side/').addPoint(point)));
    await open('side/').addPoint(pointAt('2026-03-02T00:00:10Z'));
    const { points } = await open('side/').since(new Date('2026-03-01T12:05:00Z'));
    expect(points.map(({ at }) => at.toISOString())).toEqual([
      ...minutes.slice(5).map(({ at }) => at.toISOString()),
      '2026-03-02T00:00:10.000Z',
    ]);
    expect(points[0]!.hubs).toEqual([counts]);
    expect(await names('side/')).toEqual(['side/2026-03-01.jsonl', 'side/2026-03-02.jsonl']);
  });

  test('deletes a day when it is more than two days old', async () => {
    for (const day of ['01', '02', '03']) await open('old/').addPoint(pointAt(`2026-03-${day}T12:00:00Z`));
    expect(await names('old/')).toHaveLength(3);
    await open('old/').addPoint(pointAt('2026-03-04T00:00:00Z'));
    expect(await names('old/')).toEqual(['02', '03', '04'].map((day) => `old/2026-03-${day}.jsonl`));
  });

  test('passes over lines that it does not understand', async () => {
    const log = makeDayLog(container, 'odd/', keptDays);
    const at = new Date('2026-03-01T12:00:00Z');
    await log.add(at, { at, hubs: 'of another release' });
    await container.getAppendBlobClient('odd/2026-03-01.jsonl').appendBlock('no json\n', 8);
    await open('odd/').addPoint(pointAt('2026-03-01T12:01:00Z'));
    expect((await open('odd/').since(at)).points).toHaveLength(1);
  });

  test('is empty where nothing was measured', async () => {
    expect(await open('none/').since(new Date(0))).toEqual({ points: [], starts: [] });
  });
});

test('a start is of a new version when its kind of host ran another one before, however long ago', async () => {
  const log = open('starts/');
  const hosts = makeJsonDocuments<{ version: string }>(container, 'starts-hosts/');
  const start = async (day: string, services: string, version: string) =>
    makeNoteStart({ hosts, log, clock: { now: () => new Date(`2026-03-${day}T12:00:00Z`) } })(
      services,
      version,
    );
  await start('01', 'stream,processing', 'v1');
  await start('02', 'stream,processing', 'v1');
  await start('20', 'stream,processing', 'v2');
  await start('21', 'operations', 'v2');
  await start('21', 'stream,processing', 'v2');
  await start('22', 'stream,processing', 'v1');
  const { starts } = await log.since(new Date('2026-03-20T00:00:00Z'));
  expect(starts.map(({ started: { services, version, isNew } }) => [services, version, isNew])).toEqual([
    ['stream,processing', 'v2', true],
    ['operations', 'v2', true],
    ['stream,processing', 'v2', false],
    ['stream,processing', 'v1', true],
  ]);
});
