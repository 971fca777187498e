import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { composition } from '../../../../functions/composition.ts';
import { checkPersonReceipt, type PersonReceipt } from '../../../../shared/operations/person-receipt.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { openUploads } from '../../../../shared/images/receive/uploads/open.ts';
import { frameRecord } from '../../../../shared/stream/record-frame.ts';
import { testSigner } from '../../../support/functions.ts';
import { startImageFunctions, type ImageFunctions } from '../../../support/image-functions.ts';
import { settled } from '../../../support/postgres.ts';
import { shop } from '../../shared/database/support/shop.ts';
import '../../../../functions/operations/index.ts';

let functions: ImageFunctions;
let { stores, database, images, send, as } = {} as ImageFunctions;
beforeAll(async () => {
  functions = await startImageFunctions();
  ({ stores, database, images, send, as } = functions);
}, 180_000);
afterAll(() => functions.close());

type Answer = Record<string, unknown> & { receipt: PersonReceipt; imageReceipts: Record<string, unknown>[] };
const post = async (path: string, json: object, ...roles: string[]) => {
  const headers = await as('eve', ...(roles.length === 0 ? ['Engineering'] : roles));
  return send('POST', `/api/operations/people/${path}`, { headers, json });
};
const ask = async (path: string, json: object): Promise<Answer> => {
  const answer = await post(path, json);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
};
const audit = async () => {
  const answer = await send('GET', '/api/operations/people', { headers: await as('eve', 'Engineering') });
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests;
};

/** Everything of the image stores as one text: names, metadata and bytes, also uncommitted ones' names. */
async function everything(): Promise<string> {
  const texts: string[] = [];
  for (const container of Object.values(containers)) {
    const client = blobService(stores.storage).getContainerClient(container);
    if (!(await client.exists())) continue;
    for await (const blob of client.listBlobsFlat({ includeMetadata: true, includeUncommitedBlobs: true })) {
      const bytes =
        blob.properties.contentLength === 0 ? '' : await client.getBlobClient(blob.name).downloadToBuffer();
      texts.push(`${container}/${blob.name} ${JSON.stringify(blob.metadata)} ${bytes.toString('latin1')}`);
    }
  }
  return texts.join('\n');
}

/** A dead letter's record in the store and its row, as the pipeline leaves them. */
async function deadLetter(record: { key?: string; headers?: Record<string, string>; value?: string }) {
  const { key, headers = {}, value = 'a record' } = record;
  const bytes = frameRecord({ key, headers, value: Buffer.from(value), enqueuedAt: new Date() });
  const expiresAt = new Date(Date.now() + 86_400_000);
  const storage = await composition.storageWriter();
  const claim_check = await storage.storeDeadLetterPayload(undefined, bytes, expiresAt);
  const sequence_number = Math.floor(Math.random() * 1e12);
  await database.execute(
    'operations',
    'record_dead_letter',
    {
      ...{ partition: '0', sequence_number, origin_hub: 'image-stream', origin_partition: '0' },
      ...{ origin_offset: '1', stage: 'parse', code: 'message-malformed', message: 'No.', attempts: 1 },
      ...{ payload_bytes: value.length, dead_at: new Date(), expires_at: expiresAt, claim_check },
    },
    { actor: 'service:test' },
  );
  return claim_check;
}

async function resumable(owner: string, name: string): Promise<string> {
  const uploads = openUploads(blobService(stores.storage), {
    ...{ clock: composition.clock(), maxBytes: 1e6, announce: () => Promise.resolve() },
  });
  const id = randomUUID();
  const metadata = `filename ${Buffer.from(name).toString('base64')}`;
  await uploads.create({ id, owner, correlationId: 'c', length: 1000, metadata, concatenation: null });
  return id;
}

/** One trace of each kind, as `owner` leaves them. */
async function leave(owner: string) {
  const ids = [];
  for (const state of ['processed', 'received', 'rejected', 'failed'] as const) {
    ids.push(await images.make(owner, state));
  }
  const chunks = randomUUID();
  const storage = await composition.storageWriter();
  await storage.beginChunkSet({
    origin: { imageId: chunks, owner, source: 'kafka', uploadedAt: new Date(), correlationId: 'c' },
    ...{ count: 2, sha256: 'a'.repeat(64), startedAt: new Date() },
    record: { hub: 'image-stream', partition: '0', offset: '7', key: owner },
  });
  const upload = await resumable(owner, `${owner} on the beach.jpg`);
  await deadLetter({ key: owner });
  await deadLetter({ headers: { ce_subject: owner } });
  await deadLetter({ value: JSON.stringify({ subject: owner }) });
  return { ids, chunks, upload };
}

describe('an uploader', () => {
  test('is erased whole: rows, bytes, chunks, resumable uploads with file names, and dead letters', async () => {
    const owner = `anna-${randomUUID()}`;
    const other = `bert-${randomUUID()}`;
    const { ids, chunks, upload } = await leave(owner);
    const kept = await leave(other);
    const person = { kind: 'uploader', id: owner, reason: 'a request of 30 November' };

    const dry = await ask('erase', { ...person, dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, result: { images: 5, uploads: 1, deadLetters: 3 } });
    expect(dry.receipt).toBeUndefined();
    expect((await audit())[0]).toMatchObject({ action: 'count', actor: 'eve', result: { images: 5 } });
    expect(await everything()).toContain(owner);

    const erased = await ask('erase', person);
    expect(erased).toMatchObject({ failed: 0, unfinished: false });
    expect(erased['result']).toMatchObject({ images: 5, uploads: 1, deadLetters: 3, left: 0 });
    const after = await everything();
    expect(after).not.toContain(owner);
    expect(after).not.toContain(Buffer.from(`${owner} on`).toString('base64'));
    for (const id of [...ids, chunks, upload]) expect(after).not.toContain(id);
    const rows = await database.query('storage_writer', 'images');
    expect(rows.filter((row) => row.owner === owner)).toEqual([]);
    // Of somebody else nothing is touched.
    expect(rows.filter((row) => row.owner === other)).toHaveLength(3);
    for (const id of [kept.ids[0], kept.chunks, kept.upload]) expect(after).toContain(id);
    expect(await ask('erase', { ...person, id: other, dryRun: true })).toMatchObject({
      result: { images: 5, uploads: 1, deadLetters: 3 },
    });
  });

  test('is found in records that were refused for their headers, and told how long the hub holds them', async () => {
    const owner = `anna-${randomUUID()}`;
    const many = Object.fromEntries(
      Array.from({ length: 70 }, (_, n) => [`x-${n}`, 'more than a record may have']),
    );
    await deadLetter({ headers: { ...many, ce_subject: owner } });
    const dry = await ask('erase', { kind: 'uploader', id: owner, reason: 'asked', dryRun: true });
    expect(dry['result']).toEqual({ images: 0, uploads: 0, deadLetters: 1 });
    const [copy] = dry['remaining'] as { copy: string; until: string }[];
    expect(copy).toMatchObject({ copy: 'image-stream' });
    const hours = (Date.parse(copy!.until) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
    await ask('erase', { kind: 'uploader', id: owner, reason: 'asked' });
    expect(await everything()).not.toContain(owner);
  });

  test('gets a receipt that proves it, and of each image one', async () => {
    const owner = `anna-${randomUUID()}`;
    const { ids, chunks } = await leave(owner);
    const { receipt, imageReceipts } = await ask('erase', { kind: 'uploader', id: owner, reason: 'asked' });
    expect(imageReceipts.map((one) => one['imageId']).sort()).toEqual([...ids, chunks].sort());
    expect(() => checkPersonReceipt(receipt, testSigner)).not.toThrow();
    expect(() => checkPersonReceipt({ ...receipt, id: 'somebody' }, testSigner)).toThrow('another uploader');
    expect(() => checkPersonReceipt({ ...receipt, result: { images: 9 } }, testSigner)).toThrow(
      'does not say',
    );
    const [entry] = await audit();
    expect(entry).toMatchObject({ action: 'erase', kind: 'uploader', actor: 'eve', reason: 'asked' });
    expect(entry).toMatchObject({ sequence: receipt.sequence, subject: receipt.subject });
    expect(JSON.stringify(entry)).not.toContain(owner);
  });

  test('is exported: ids of images, file names, records', async () => {
    const owner = `anna-${randomUUID()}`;
    const { ids, chunks } = await leave(owner);
    const { uploader } = (await ask('export', {
      kind: 'uploader',
      id: owner,
      reason: 'asked',
    })) as unknown as {
      uploader: { images: string[]; uploads: { metadata: string }[]; deadLetters: { value: string }[] };
    };
    expect(uploader.images.sort()).toEqual([...ids, chunks].sort());
    expect(uploader.uploads[0]!.metadata).toContain(
      Buffer.from(`${owner} on the beach.jpg`).toString('base64'),
    );
    expect(uploader.deadLetters).toHaveLength(3);
    expect((await audit())[0]).toMatchObject({ action: 'export', kind: 'uploader', actor: 'eve' });
  });
});

describe('a member', () => {
  const membershipId = (id: number): string => `M${String(id).padStart(9, '0')}`;

  test('is exported and erased: orders and sums stay, what is personal becomes the key of the lake', async () => {
    const desk = shop(database);
    const memberId = await desk.member();
    const product = await desk.product('10.0000');
    const order = await desk.order(memberId, [{ productId: product, quantity: 3 }]);
    await database.execute(
      'storefront',
      'change_membership',
      { member_id: memberId, membership: 'plus', status: 'suspended', reason: 'Ada Berg did not pay' },
      { actor: 'service:storefront' },
    );
    const person = { kind: 'member', id: membershipId(memberId), reason: 'asked' };
    const before = (await ask('export', person))['member'] as Record<string, unknown>;
    expect(before).toMatchObject({ name: 'Ada Berg', dateOfBirth: '1990-02-28', mobile: '+49 151 1234567' });
    expect(before['orders']).toMatchObject([{ orderId: order.order_id, totalPrice: '30.0000' }]);
    const warehouse = settled(database, stores);
    const totals = await warehouse.query('warehouse', 'totals_by_day');

    expect(await ask('erase', { ...person, dryRun: true })).toMatchObject({ result: { orders: 1 } });
    expect(((await ask('export', person))['member'] as Record<string, unknown>)['name']).toBe('Ada Berg');
    const { receipt } = await ask('erase', person);
    expect(receipt).toMatchObject({ kind: 'member', subject: before['memberKey'], id: person.id });
    expect(() => checkPersonReceipt(receipt, testSigner)).not.toThrow();

    const after = (await ask('export', person))['member'] as Record<string, unknown>;
    const key = before['memberKey'] as string;
    expect(after).toMatchObject({
      memberKey: key,
      name: key,
      email: `${key}@erased.invalid`,
      status: 'ended',
    });
    expect(after['orders']).toEqual(before['orders']);
    expect(await warehouse.query('warehouse', 'totals_by_day')).toEqual(totals);
    const told = JSON.stringify(after);
    for (const secret of ['Ada', 'example.com', '1990', '1234567']) expect(told).not.toContain(secret);
    expect((await ask('erase', { ...person, dryRun: true })).receipt).toBeUndefined();
    // Again is the same erasure, with the same audit entry.
    expect((await ask('erase', person)).receipt.sequence).toBe(receipt.sequence);
    expect(
      (await audit()).filter(({ action, subject }) => action === 'erase' && subject === key),
    ).toHaveLength(1);
  });

  test('that does not exist is 404', async () => {
    const person = { kind: 'member', id: 'M999999999', reason: 'asked' };
    expect((await post('export', person)).status).toBe(404);
    expect((await post('erase', person)).status).toBe(404);
    // One more zero is the id of nobody, not of the member whose number it is.
    const id = `M0${String(await shop(database).member()).padStart(9, '0')}`;
    for (const path of ['export', 'erase'])
      expect((await post(path, { ...person, id, dryRun: true })).status).toBe(422);
  });
});

test('only Engineering may ask, with a reason and one person', async () => {
  const person = { kind: 'uploader', id: 'anna', reason: 'asked' };
  for (const path of ['export', 'erase']) {
    expect((await post(path, person, 'Uploader', 'Logistics', 'Sales', 'Analytics')).status).toBe(403);
    expect((await post(path, { ...person, reason: ' ' })).status).toBe(422);
    expect((await post(path, { ...person, kind: 'member' })).status).toBe(422);
  }
});
