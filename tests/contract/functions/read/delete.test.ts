import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { blobsOf, originalBytes, previewBytes } from '../../../support/images.ts';
import { startImageFunctions, type ImageFunctions } from '../../../support/image-functions.ts';
import '../../../../functions/read/index.ts';

let functions: ImageFunctions;
let { stores, issuer, database, images, send, as, moveClock } = {} as ImageFunctions;

beforeAll(async () => {
  functions = await startImageFunctions();
  ({ stores, issuer, database, images, send, as, moveClock } = functions);
}, 180_000);
afterAll(() => functions.close());
beforeEach(() => moveClock(0));

const erase = async (id: string, ...who: Parameters<typeof as>) =>
  send('DELETE', `/api/images/${id}`, { headers: await as(...who) });
const ledgerOf = (id: string) =>
  database.query('operations', 'purges', {
    where: [{ column: 'image_digest', operator: '=', value: imageDigest(id) }],
  });

describe('who may erase an image', () => {
  test('nobody without a token, or with an expired one', async () => {
    const id = await images.make('ann', 'processed');
    expect((await send('DELETE', `/api/images/${id}`)).status).toBe(401);
    const expired = { authorization: `Bearer ${await issuer.token({ oid: 'ann' }, { expires: -60 })}` };
    expect((await send('DELETE', `/api/images/${id}`, { headers: expired })).status).toBe(401);
    expect(await blobsOf(stores.storage, id)).toHaveLength(2);
  });

  test('nobody without the role, and not another owner', async () => {
    const id = await images.make('ann', 'processed');
    expect((await erase(id, 'ann', 'Analytics')).status).toBe(403);
    expect((await erase(id, 'bob')).status).toBe(404);
    expect(await blobsOf(stores.storage, id)).toHaveLength(2);
  });

  test('its owner and an engineer', async () => {
    expect((await erase(await images.make('ann', 'processed'), 'ann')).status).toBe(204);
    expect((await erase(await images.make('ann', 'processed'), 'eve', 'Engineering')).status).toBe(204);
  });
});

describe('erasing', () => {
  test('leaves no byte and no row, and writes one ledger entry that counts what went', async () => {
    const id = await images.make('ann', 'processed');
    await images.put(containers.deadLetters, `${id}/payload`, previewBytes);
    expect((await erase(id, 'ann')).status).toBe(204);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    const rows = await database.query('storage_reader', 'images', {
      where: [{ column: 'image_id', operator: '=', value: id }],
    });
    expect(rows).toEqual([]);
    const [entry, ...others] = await ledgerOf(id);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      kind: 'erasure',
      blobs: 3,
      bytes: originalBytes.byteLength + 2 * previewBytes.byteLength,
      lake_rows: 0,
    });
    expect((await send('GET', `/api/images/${id}`, { headers: await as('ann') })).status).toBe(404);
  });

  test('works before there is a row, for an image whose event is still on its way', async () => {
    const id = await images.make('ann', 'received');
    expect((await erase(id, 'ann')).status).toBe(204);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  test('drops chunks that were staged and never committed', async () => {
    const id = await images.make('ann', 'rejected');
    const blob = blobService(stores.storage).getContainerClient(containers.raw).getBlockBlobClient(id);
    await blob.stageBlock(Buffer.from('chunk-000000').toString('base64'), 'abc', 3);
    expect(await blobsOf(stores.storage, id)).toEqual([`raw/${id}`]);
    expect((await erase(id, 'ann')).status).toBe(204);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });

  test('twice is 404 the second time, with one entry in the ledger', async () => {
    const id = await images.make('ann', 'stored');
    expect([(await erase(id, 'ann')).status, (await erase(id, 'ann')).status]).toEqual([204, 404]);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  test('at the same moment by two is one erasure', async () => {
    const id = await images.make('ann', 'processed');
    const statuses = (await Promise.all([erase(id, 'ann'), erase(id, 'eve', 'Engineering')])).map(
      (a) => a.status,
    );
    expect(statuses).toContain(204);
    expect(await ledgerOf(id)).toHaveLength(1);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });

  test('says which hub still holds a copy, and until when', async () => {
    const uploadedAgo = 3 * hour;
    const before = Date.now();
    const id = await images.make('ann', 'failed', { age: uploadedAgo, source: 'kafka' });
    const remaining = (await erase(id, 'ann')).headers.get('darkroom-remaining')!;
    const until = Object.fromEntries(
      remaining.split(', ').map((item) => {
        const [, hub, at] = /^([a-z-]+); until="([^"]+)"$/.exec(item)!;
        return [hub!, Date.parse(at!)] as const;
      }),
    );
    expect(Object.keys(until)).toEqual(['image-stream', 'image-dead-letter']);
    expect(Math.abs(until['image-stream']! - (before - uploadedAgo + day))).toBeLessThan(5000);
    expect(Math.abs(until['image-dead-letter']! - (before + 6 * day))).toBeLessThan(5000);
  });

  test('says nothing of copies once their time is over', async () => {
    const id = await images.make('ann', 'processed', { age: 2 * day });
    expect((await erase(id, 'ann')).headers.get('darkroom-remaining')).toBeNull();
  });

  test('of what does not exist is 404', async () => {
    expect((await erase(randomUUID(), 'ann')).status).toBe(404);
  });
});
