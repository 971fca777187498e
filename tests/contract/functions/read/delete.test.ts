import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { day, hour } from '../../../../shared/platform/clock.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { imageDigest } from '../../../../shared/platform/image-id.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import type { Erasure } from '../../../../client/api-types.ts';
import { composition } from '../../../../functions/composition.ts';
import { checkErased, checkReceipt } from '../../../../shared/images/erase/ledger/check-receipt.ts';
import { openCheckpoint } from '../../../../shared/images/erase/ledger/checkpoint-note.ts';
import type { Receipt } from '../../../../shared/images/erase/ledger/receipt.ts';
import { makeNoteKey, noteSigner, noteVerifier } from '../../../../shared/images/erase/ledger/signed-note.ts';
import { decodeEntries, entriesPath, tilePath } from '../../../../shared/images/erase/ledger/tiles.ts';
import { testSigner } from '../../../support/functions.ts';
import { silentLog } from '../../../support/silent-log.ts';
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
const get = async (id: string, ...who: Parameters<typeof as>) =>
  send('GET', `/api/images/${id}`, { headers: await as(...who) });
const erasureOf = async (answer: Response) => (await answer.json()) as Erasure;
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
    expect((await erase(await images.make('ann', 'processed'), 'ann')).status).toBe(200);
    expect((await erase(await images.make('ann', 'processed'), 'eve', 'Engineering')).status).toBe(200);
  });
});

describe('erasing', () => {
  test('leaves no byte and no row, and writes one ledger entry that counts what went', async () => {
    const id = await images.make('ann', 'processed');
    await images.put(containers.deadLetters, `${id}/payload`, previewBytes);
    expect((await erase(id, 'ann')).status).toBe(200);
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
    expect((await get(id, 'ann')).status).toBe(410);
  });

  test('works before there is a row, for an image whose event is still on its way', async () => {
    const id = await images.make('ann', 'received');
    expect((await erase(id, 'ann')).status).toBe(200);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  test('drops chunks that were staged and never committed', async () => {
    const id = await images.make('ann', 'rejected');
    const blob = blobService(stores.storage).getContainerClient(containers.raw).getBlockBlobClient(id);
    await blob.stageBlock(Buffer.from('chunk-000000').toString('base64'), 'abc', 3);
    expect(await blobsOf(stores.storage, id)).toEqual([`raw/${id}`]);
    expect((await erase(id, 'ann')).status).toBe(200);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });

  test('twice is 410 the second time, with one entry in the ledger', async () => {
    const id = await images.make('ann', 'stored');
    expect([(await erase(id, 'ann')).status, (await erase(id, 'ann')).status]).toEqual([200, 410]);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  test('at the same moment by two is one erasure', async () => {
    const id = await images.make('ann', 'processed');
    const statuses = (await Promise.all([erase(id, 'ann'), erase(id, 'eve', 'Engineering')])).map(
      (a) => a.status,
    );
    expect(statuses).toContain(200);
    expect(await ledgerOf(id)).toHaveLength(1);
    expect(await blobsOf(stores.storage, id)).toEqual([]);
  });

  test('says which hub still holds a copy, and until when', async () => {
    const uploadedAgo = 3 * hour;
    const before = Date.now();
    const id = await images.make('ann', 'failed', { age: uploadedAgo, source: 'kafka' });
    const { remaining } = await erasureOf(await erase(id, 'ann'));
    expect(remaining.map(({ copy }) => copy)).toEqual(['image-stream', 'image-outcomes', 'browser']);
    const [stream, outcomes, browser] = remaining.map(({ until }) => Date.parse(until));
    expect(outcomes! - Date.now()).toBeGreaterThan(day);
    expect(Math.abs(stream! - (before - uploadedAgo + day))).toBeLessThan(5000);
    // Addresses are good for one to two hours, to the hour.
    expect(browser! % hour).toBe(0);
    expect(browser!).toBeGreaterThan(before + hour - 5000);
    expect(browser!).toBeLessThanOrEqual(before + 2 * hour + 5000);
  });

  test('says nothing of a copy whose time is over', async () => {
    const id = await images.make('ann', 'processed', { age: 2 * day });
    const { remaining } = await erasureOf(await erase(id, 'ann'));
    expect(remaining.map(({ copy }) => copy)).toEqual(['browser']);
  });

  test('of what does not exist is 404', async () => {
    expect((await erase(randomUUID(), 'ann')).status).toBe(404);
  });
});

describe('the receipt', () => {
  const verifier = noteVerifier(testSigner.key);
  const receiptOf = async (id: string, ...who: Parameters<typeof as>): Promise<Receipt> => {
    const answer = await get(id, ...who);
    const { code, details } = (await answer.json()) as { code: string; details: { receipt: Receipt } };
    expect([answer.status, code]).toEqual([410, 'gone']);
    return details.receipt;
  };

  test('is pending with the answer, and complete after the next checkpoint, for whoever knows the id', async () => {
    const id = await images.make('ann', 'processed');
    const { receipt } = await erasureOf(await erase(id, 'ann'));
    expect(receipt).toMatchObject({ imageId: id, status: 'pending', kind: 'erasure', blobs: 2 });
    expect(() => checkReceipt(receipt, verifier)).toThrow('pending');
    // Its entry is signed already: whoever restores a database knows by that what was erased.
    checkErased(receipt, verifier);
    expect(() => checkErased({ ...receipt, imageId: randomUUID() }, verifier)).toThrow('leaf');
    expect(() => checkErased(receipt, noteSigner(makeNoteKey(verifier.name)))).toThrow('signature');
    expect(await receiptOf(id, 'ann')).toEqual(receipt);
    await (await composition.ledger()).publishCheckpoint(silentLog);
    const complete = await receiptOf(id, 'bob', 'Sales', 'Uploader');
    expect(complete).toMatchObject({ ...receipt, status: 'complete' });
    expect(checkReceipt(complete, verifier).size).toBeGreaterThan(complete.leafIndex!);
    expect(complete.leaf).not.toContain(id);
  });

  test('holds for every entry of a log that goes on growing', async () => {
    const ids = await Promise.all(Array.from({ length: 9 }, () => images.make('ann', 'stored')));
    for (const id of ids) {
      await erase(id, 'ann');
      await (await composition.ledger()).publishCheckpoint(silentLog);
    }
    for (const id of ids) checkReceipt(await receiptOf(id, 'ann'), verifier);
  });

  test.each([
    ['the id', (receipt: Receipt) => ({ ...receipt, imageId: randomUUID() })],
    ['the time', (receipt: Receipt) => ({ ...receipt, erasedAt: '2026-01-01T00:00:00.000Z' })],
    ['the count', (receipt: Receipt) => ({ ...receipt, blobs: receipt.blobs + 1 })],
    ['the salt', (receipt: Receipt) => ({ ...receipt, salt: receipt.salt.replaceAll(/./g, '0') })],
    ['the place', (receipt: Receipt) => ({ ...receipt, leafIndex: receipt.leafIndex! - 1 })],
    ['the proof', (receipt: Receipt) => ({ ...receipt, inclusionProof: receipt.inclusionProof!.slice(1) })],
    [
      'the checkpoint',
      (receipt: Receipt) => ({ ...receipt, checkpoint: receipt.checkpoint!.replace('\n', 'x\n') }),
    ],
  ] as const)('of which %s was changed is refused', async (_what, change) => {
    const id = await images.make('ann', 'stored');
    await erase(id, 'ann');
    await (await composition.ledger()).publishCheckpoint(silentLog);
    const receipt = await receiptOf(id, 'ann');
    checkReceipt(receipt, verifier);
    expect(() => checkReceipt(change(receipt), verifier)).toThrow();
    expect(() => checkReceipt(receipt, noteSigner(makeNoteKey(verifier.name)))).toThrow();
  });

  test('needs somebody who is signed in', async () => {
    const id = await images.make('ann', 'stored');
    await erase(id, 'ann');
    expect((await send('GET', `/api/images/${id}`)).status).toBe(401);
  });
});

describe('the public log', () => {
  test('is there for anybody: key, checkpoint, and files that may be kept', async () => {
    await (await composition.ledger()).publishCheckpoint(silentLog);
    expect(await (await send('GET', '/api/ledger/key')).text()).toBe(`${testSigner.key}\n`);
    const note = await (await send('GET', '/api/ledger/checkpoint')).text();
    const { size } = openCheckpoint(note, testSigner);
    const tile = await send('GET', `/api/ledger/${tilePath(0, 0, size)}`);
    expect(tile.headers.get('cache-control')).toContain('immutable');
    expect((await tile.arrayBuffer()).byteLength).toBe(32 * size);
    const entries = await (await send('GET', `/api/ledger/${entriesPath(0, size)}`)).arrayBuffer();
    expect(decodeEntries(Buffer.from(entries))).toHaveLength(size);
    expect((await send('GET', `/api/ledger/${tilePath(0, 9, 256)}`)).status).toBe(404);
    expect((await send('GET', '/api/ledger/tile/0/..%2Fcheckpoint')).status).toBe(400);
  });
});
