import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvocationContext, type HttpRequest } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { uploadImages } from '../../../../functions/upload/upload-images.ts';
import { deriveImageId } from '../../../../shared/platform/image-id.ts';
import { parseImageMessage } from '../../../../shared/images/receive/image-message.ts';
import { hubs } from '../../../../shared/stream/hubs.ts';
import { makeReceiveUpload } from '../../../../shared/images/receive/receive-upload.ts';
import { DarkroomError } from '../../../../shared/platform/errors.ts';
import { enterErasure } from '../../../support/erased-entry.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { composition } from '../../../../functions/composition.ts';
import { runEventHubs, type TestHubs } from '../../../support/event-hubs.ts';
import { configure } from '../../../support/functions.ts';
import { readHub } from '../../../support/hub-reader.ts';
import { startIssuer, type TestIssuer } from '../../../support/issuer.ts';
import { jpegPhoto } from '../../../support/photos.ts';
import { formats, sampleImage } from '../../../support/sample-images.ts';
import { startStores, type TestStores } from '../../../support/stores.ts';

const maxBytes = 6 * 1024 * 1024;
let [stores, issuer, eventHubs, stream, image] = [] as unknown as [
  TestStores,
  TestIssuer,
  TestHubs,
  ReturnType<typeof readHub>,
  Buffer<ArrayBuffer>,
];

beforeAll(async () => {
  [stores, issuer] = await Promise.all([startStores(), startIssuer()]);
  eventHubs = await runEventHubs(stores.directory);
  process.env['DARKROOM_MAX_UPLOAD_BYTES'] = String(maxBytes);
  process.env['DARKROOM_EVENT_HUBS'] = eventHubs.connectionString;
  configure(stores, issuer);
  stream = readHub(eventHubs.connectionString, hubs.stream);
  image = Buffer.from(await jpegPhoto(320, 240));
}, 180_000);
afterAll(async () => {
  await Promise.all([stream.close(), composition.close(), issuer.close()]);
  await eventHubs.component.stop();
  await stores.stop();
});

interface Shown {
  images: { id: string; status: string; links: { self: string }; problem?: { code: string } }[];
  detail?: string;
  details?: { images: { status: string; problem: { code: string } }[] };
  code?: string;
}

/** Sends a request whose body really is a stream, as the host's proxy hands it over. */
async function send(body: unknown, headers: Record<string, string> = {}, claims: object = {}) {
  const token = await issuer.token({ oid: 'ann', roles: ['Uploader'], ...claims });
  const request = new Request('http://localhost/api/images', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: body as never,
    duplex: 'half',
  });
  const asked = Object.assign(request, { params: {}, query: new URLSearchParams() });
  const context = new InvocationContext({ functionName: 'test', logHandler: () => undefined });
  const answer = await uploadImages(asked as unknown as HttpRequest, context);
  const shown = (answer.jsonBody ?? JSON.parse(answer.body as string)) as Shown;
  return { status: answer.status, shown, headers: new Headers(answer.headers) };
}
const jpeg = { 'content-type': 'image/jpeg' };
const announced = (imageId: string) =>
  stream.until(1, (record) => parseImageMessage(record).imageId === imageId);
const announcements = (imageId: string) =>
  stream.records.filter((record) => parseImageMessage(record).imageId === imageId);
const stored = async (imageId: string) => (await composition.storageWriter()).rawOrigin(imageId);
function form(...files: Uint8Array<ArrayBuffer>[]) {
  const data = new FormData();
  data.append('note', 'a field of no meaning');
  files.forEach((bytes, index) => data.append('files', new Blob([bytes]), `../../${index}.jpg`));
  const encoded = new Response(data);
  const type = encoded.headers.get('content-type')!;
  return { body: encoded.body!, headers: { 'content-type': type } };
}
const rawBlobs = async (): Promise<string[]> => {
  const { blobService } = await import('../../../../shared/platform/blobs/blob-service.ts');
  const names: string[] = [];
  const list = blobService(stores.storage)
    .getContainerClient('raw')
    .listBlobsFlat({ includeUncommitedBlobs: true });
  for await (const { name } of list) names.push(name);
  return names;
};

describe('an image as the body', () => {
  test.each(formats)('of type %s is stored with its owner, announced, and answered 202', async (format) => {
    const bytes = await sampleImage(format);
    const { status, shown, headers } = await send(bytes, {
      'content-type': `image/${format}`,
      'x-correlation-id': 'correlation-1',
    });
    const [{ id, status: state, links }] = shown.images as [Shown['images'][0]];
    expect([status, state, links.self, headers.get('location')]).toEqual([
      202,
      'received',
      `/api/images/${id}`,
      `/api/images/${id}`,
    ]);
    expect(await stored(id)).toMatchObject({
      ...{ owner: 'ann', source: 'http', correlationId: 'correlation-1' },
      ...{ contentType: `image/${format}`, bytes: bytes.byteLength },
    });
    const [event] = await announced(id);
    expect(parseImageMessage(event!)).toEqual({
      form: 'claim-check',
      imageId: id,
      owner: 'ann',
      correlationId: 'correlation-1',
    });
  });

  test('gets its type from its bytes, whatever it is called', async () => {
    const { shown } = await send(image, { 'content-type': 'image/png' });
    expect((await stored(shown.images[0]!.id))?.contentType).toBe('image/jpeg');
  });

  test('keeps the name that its Content-Disposition gives, and no announcement has it', async () => {
    const disposition = "attachment; filename*=UTF-8''Z%C3%BCrich%20%281%29.jpg";
    const { shown } = await send(image, { ...jpeg, 'content-disposition': disposition });
    const [{ id }] = shown.images as [Shown['images'][0]];
    expect((await stored(id))?.fileName).toBe('Zürich (1).jpg');
    const [event] = await announced(id);
    expect(JSON.stringify(event)).not.toMatch(/rich/);
    expect(Buffer.from(event!.value).toString()).not.toMatch(/rich/);
  });

  test('is the same image when it comes again with its Idempotency-Key, and is announced again', async () => {
    const headers = { ...jpeg, 'idempotency-key': `key-${randomUUID()}` };
    const first = await send(image, headers);
    const second = await send(image, headers);
    const id = deriveImageId('http', 'ann', headers['idempotency-key']);
    expect([first, second].map(({ status, shown }) => [status, shown.images[0]?.id])).toEqual([
      [202, id],
      [202, id],
    ]);
    await stream.until(2, (record) => parseImageMessage(record).imageId === id);
    const other = await send(image, headers, { oid: 'bob' });
    expect(other.shown.images[0]?.id).not.toBe(id);
  });

  test('is 409 when the image of the Idempotency-Key was erased, and nothing of it is stored', async () => {
    const key = randomUUID();
    const imageId = deriveImageId('http', 'ann', key);
    await enterErasure(await composition.database(), imageId);
    const { status, shown } = await send(image, { ...jpeg, 'idempotency-key': key });
    expect([status, shown]).toMatchObject([409, { code: 'erased', details: { id: imageId } }]);
    expect([await stored(imageId), announcements(imageId)]).toEqual([undefined, []]);
    expect((await send(image, jpeg)).status).toBe(202);
  });

  test('in a form is refused by itself when its image was erased', async () => {
    const key = randomUUID();
    await enterErasure(await composition.database(), deriveImageId('http', 'ann', key, '0'));
    const { body, headers } = form(image, image);
    const { status, shown } = await send(body, { ...headers, 'idempotency-key': key });
    expect(status).toBe(207);
    expect(shown.images.map((one) => one.problem?.code ?? one.status)).toEqual(['erased', 'received']);
  });

  test('is taken with an Idempotency-Key while the database does not answer', async () => {
    const storage = await composition.storageWriter();
    const never = () => new Promise<undefined>(() => undefined);
    for (const statusOf of [never, () => Promise.reject(new DarkroomError('unavailable', 'Away.'))]) {
      const sent: unknown[] = [];
      const receive = makeReceiveUpload({
        storage: { storeRaw: storage.storeRaw.bind(storage), statusOf },
        events: {
          send: (_, event) => Promise.resolve(void sent.push(event)),
          close: () => Promise.resolve(),
        },
        ...{ clock: { now: () => new Date() }, maxBytes, log: silentLog },
      });
      const imageId = randomUUID();
      const bytes = Readable.from([image]);
      await receive({ imageId, owner: 'ann', correlationId: 'c', bytes, mayRepeat: true });
      expect([(await stored(imageId))?.owner, sent.length]).toEqual(['ann', 1]);
    }
  });

  test('may have an Idempotency-Key of 256 characters', async () => {
    const key = randomUUID().padEnd(256, 'k');
    const { status, shown } = await send(image, { ...jpeg, 'idempotency-key': key });
    expect(status).toBe(202);
    expect(shown.images.map(({ id }) => id)).toEqual([deriveImageId('http', 'ann', key)]);
  });

  test('is 422 when the Idempotency-Key came with other bytes', async () => {
    const headers = { ...jpeg, 'idempotency-key': randomUUID() };
    await send(image, headers);
    const { status, shown } = await send(await jpegPhoto(100, 80), headers);
    expect([status, shown.code]).toEqual([422, 'idempotency-mismatch']);
  });
});

describe('an image that its client has no type for', () => {
  test.each([
    ['bytes', { 'content-type': 'application/octet-stream' }],
    ['nothing', {}],
  ])('and calls %s is what its bytes are', async (_, headers) => {
    // `fetch` gives a stream no type of its own.
    const { status, shown } = await send(ReadableStream.from([image]), headers);
    expect(status).toBe(202);
    expect(await stored(shown.images[0]!.id)).toMatchObject({ contentType: 'image/jpeg' });
  });
});

describe('what is refused', () => {
  test.each<[string, number, string, () => unknown, Record<string, string>]>([
    ['no bytes', 400, 'empty-body', () => '', jpeg],
    ['text named .jpg', 415, 'unsupported-type', () => 'this is text', jpeg],
    [
      'SVG',
      415,
      'unsupported-type',
      () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
      { 'content-type': 'image/svg+xml' },
    ],
    [
      'a body that is called text',
      415,
      'unsupported-media-type',
      () => image,
      { 'content-type': 'text/plain' },
    ],
    [
      'text that is called bytes',
      415,
      'unsupported-type',
      () => 'text',
      { 'content-type': 'application/octet-stream' },
    ],
    [
      'a body that breaks off',
      400,
      'invalid-request',
      () =>
        ReadableStream.from(
          (async function* () {
            yield image.subarray(0, 1_000);
            await Promise.reject(new Error('aborted'));
          })(),
        ),
      jpeg,
    ],
    ['a key with spaces', 400, 'invalid-request', () => image, { ...jpeg, 'idempotency-key': 'a b' }],
    [
      'a key of 257 characters',
      400,
      'invalid-request',
      () => image,
      { ...jpeg, 'idempotency-key': 'k'.repeat(257) },
    ],
    [
      'a form that is none',
      400,
      'invalid-request',
      () => 'x',
      { 'content-type': 'multipart/form-data; boundary=b' },
    ],
    ['a form without boundary', 400, 'invalid-request', () => 'x', { 'content-type': 'multipart/form-data' }],
    [
      'a length over the limit',
      413,
      'too-large',
      () => 'x',
      { ...jpeg, 'content-length': String(maxBytes + 1) },
    ],
  ])('%s is %i %s, and nothing is stored', async (_title, status, code, body, headers) => {
    const before = await rawBlobs();
    const answer = await send(body(), headers);
    expect([answer.status, answer.shown.code]).toEqual([status, code]);
    // Once, and as a sentence of a person.
    expect(answer.shown.detail).not.toMatch(/Error:|(\bSend [A-Z]).*\1/);
    expect(await rawBlobs()).toEqual(before);
  });

  test('a body that grows over the limit is 413 while it streams, and nothing is left of it', async () => {
    const before = await rawBlobs();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(pulled === 0 ? image : randomBytes(65_536));
        pulled += 65_536;
        await sleep(0);
      },
    });
    const { status, shown } = await send(endless, jpeg);
    expect([status, shown.code]).toEqual([413, 'too-large']);
    expect(pulled).toBeLessThan(maxBytes + 1024 * 1024);
    expect(await rawBlobs()).toEqual(before);
  });

  test('a body that breaks off leaves nothing', async () => {
    const before = await rawBlobs();
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(image);
        controller.error(new Error('connection reset'));
      },
    });
    expect((await send(broken, jpeg)).shown.code).toBe('invalid-request');
    expect(await rawBlobs()).toEqual(before);
  });

  test('a caller without the role Uploader is 403', async () => {
    expect((await send(image, jpeg, { roles: ['Sales'] })).status).toBe(403);
  });
});

describe('files of a form', () => {
  test('each become an image, in their order, whatever they are called', async () => {
    const files = [image, Buffer.from(await sampleImage('png')), image];
    const { body, headers } = form(...files);
    const { status, shown, headers: answered } = await send(body, headers);
    expect([status, shown.images.length, answered.get('location')]).toEqual([202, 3, null]);
    const kept = await Promise.all(shown.images.map(({ id }) => stored(id)));
    expect(kept.map((one) => one?.contentType)).toEqual(['image/jpeg', 'image/png', 'image/jpeg']);
    expect(kept.map((one) => one?.fileName)).toEqual(['0.jpg', '1.jpg', '2.jpg']);
    for (const { id } of shown.images) await announced(id);
  });

  test('are known by key and place, so that the form can be sent again', async () => {
    const key = randomUUID();
    const ask = async () => {
      const { body, headers } = form(image, image);
      return (await send(body, { ...headers, 'idempotency-key': key })).shown.images.map(({ id }) => id);
    };
    const ids = ['0', '1'].map((place) => deriveImageId('http', 'ann', key, place));
    expect([await ask(), await ask()]).toEqual([ids, ids]);
  });

  test('that are bad are told in their place (207), and do not cost the good ones', async () => {
    const large = Buffer.concat([image, Buffer.alloc(maxBytes)]);
    const { body, headers } = form(image, Buffer.from('text'), Buffer.alloc(0), large, image);
    const { status, shown } = await send(body, headers);
    expect(status).toBe(207);
    expect(shown.images.map((outcome) => outcome.problem?.code ?? outcome.status)).toEqual([
      'received',
      'unsupported-type',
      'empty-body',
      'too-large',
      'received',
    ]);
  });

  test('that are all bad are refused, each with its reason', async () => {
    const { body, headers } = form(Buffer.from('text'), Buffer.alloc(0));
    const { status, shown } = await send(body, headers);
    expect([status, shown.code]).toEqual([415, 'unsupported-type']);
    expect(shown.details?.images.map((outcome) => [outcome.status, outcome.problem.code])).toEqual([
      ['refused', 'unsupported-type'],
      ['refused', 'empty-body'],
    ]);
  });

  test('beyond the hundredth are refused, and the hundred are stored', async () => {
    const { body, headers } = form(...Array.from({ length: 102 }, () => image));
    const { status, shown } = await send(body, { ...headers, 'idempotency-key': randomUUID() });
    expect(status).toBe(207);
    const codes = shown.images.map((outcome) => outcome.problem?.code ?? outcome.status);
    expect(codes).toEqual([...Array<string>(100).fill('received'), 'too-large', 'too-large']);
    expect(await stored(shown.images[99]!.id)).toBeDefined();
  });

  test('beyond the thousandth are not even read: one outcome stands for them', async () => {
    const { body, headers } = form(...Array.from({ length: 1_500 }, () => Buffer.from('text')));
    const { status, shown } = await send(body, headers);
    expect(status).toBe(415);
    expect(shown.details!.images.length).toBeLessThanOrEqual(1_001);
    expect(shown.details!.images.at(-1)!.problem.code).toBe('too-large');
  });

  const boundary = 'b0undary';
  const part = (bytes: Uint8Array) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]);
  const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` };

  test.each<[string, () => Uint8Array[], string[]]>([
    [
      'in its second file',
      () => [part(image), part(image).subarray(0, 2_000)],
      ['received', 'invalid-request'],
    ],
    ['before its last boundary', () => [part(image), part(image)], ['received', 'invalid-request']],
    [
      'after a boundary that is not the last',
      () => [part(image), Buffer.from(`--${boundary}\r\n`)],
      ['received', 'invalid-request'],
    ],
  ])(
    'of a form that ends %s: what was complete is stored, what was not is told',
    async (_where, parts, told) => {
      const before = await rawBlobs();
      const { status, shown } = await send(Buffer.concat(parts()), multipart);
      expect(status).toBe(207);
      expect(shown.images.map((outcome) => outcome.problem?.code ?? outcome.status)).toEqual(told);
      expect((await rawBlobs()).length).toBe(before.length + 1);
    },
  );

  test('of a form whose connection breaks: the first is stored, nothing is left of the second', async () => {
    const before = await rawBlobs();
    async function* chunks() {
      yield part(image);
      yield part(image).subarray(0, 3_000);
      await sleep(50);
      throw new Error('ECONNRESET');
    }
    const { status, shown } = await send(ReadableStream.from(chunks()), multipart);
    expect([status, shown.images[1]!.problem!.code]).toEqual([207, 'invalid-request']);
    expect((await rawBlobs()).length).toBe(before.length + 1);
  });

  test('of a form without any are 400', async () => {
    const { body, headers } = form();
    const { status, shown } = await send(body, headers);
    expect([status, shown.code]).toEqual([400, 'empty-body']);
  });
});

describe('when the hub is away', () => {
  test('an upload is 503 with when to try again, and the same key completes it after', async () => {
    const headers = { ...jpeg, 'idempotency-key': randomUUID() };
    const id = deriveImageId('http', 'ann', headers['idempotency-key']);
    await eventHubs.component.stop('SIGKILL');
    const refused = await send(image, headers);
    expect([refused.status, refused.shown.code]).toEqual([503, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(announcements(id)).toEqual([]);
    const { amqpPort, kafkaPort } = eventHubs;
    eventHubs = await runEventHubs(stores.directory, { amqpPort, kafkaPort });
    expect((await send(image, headers)).status).toBe(202);
    const again = readHub(eventHubs.connectionString, hubs.stream);
    await again.until(1, (record) => parseImageMessage(record).imageId === id);
    await again.close();
  }, 120_000);
});
