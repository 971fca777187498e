import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readRawMetadata } from '../../../../../shared/images/store/raw-metadata.ts';
import { startTusService, type Answer, type TusService } from '../../../../support/tus-service.ts';

// Section names are those of https://tus.io/protocols/resumable-upload, version 1.0.0.

const piece = 'application/offset+octet-stream';
const image = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(bytes - 4)]);
const idOf = (answer: Answer): string => answer.headers.get('location')!.split('/').at(-1)!;
const sha = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('base64');

let tus: TusService;

beforeAll(async () => {
  tus = await startTusService({
    DARKROOM_MAX_IMAGE_BYTES: '1000000',
    DARKROOM_ALLOWED_ORIGINS: 'https://console.example',
  });
}, 180_000);
afterAll(() => tus.close());

const begin = async (headers: Record<string, string>, owner = 'anna') => {
  const answer = await tus.call('POST', 'uploads', { headers, owner });
  expect(answer.status).toBe(201);
  return idOf(answer);
};
const send = (
  id: string,
  offset: number | string,
  body: Uint8Array,
  headers: Record<string, string> = {},
  owner = 'anna',
) =>
  tus.call('PATCH', `uploads/${id}`, {
    headers: { 'content-type': piece, 'upload-offset': String(offset), ...headers },
    body,
    owner,
  });
const head = (id: string, owner = 'anna') => tus.call('HEAD', `uploads/${id}`, { owner });
const stored = (id: string) => tus.raw.getBlockBlobClient(id).downloadToBuffer();

describe('Core Protocol, HEAD', () => {
  it('always includes Upload-Offset, even if it is 0, and Upload-Length when known', async () => {
    const answer = await head(await begin({ 'upload-length': '100' }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('upload-offset')).toBe('0');
    expect(answer.headers.get('upload-length')).toBe('100');
  });

  it('prevents caching with Cache-Control: no-store', async () => {
    expect((await head(await begin({ 'upload-length': '100' }))).headers.get('cache-control')).toBe(
      'no-store',
    );
  });

  it('answers 404 without Upload-Offset when the resource is not found, or is another owner’s', async () => {
    const id = await begin({ 'upload-length': '100' });
    for (const answer of [await head(randomUUID()), await head(id, 'bert'), await head('not-an-id')]) {
      expect(answer.status).toBe(404);
      expect(answer.headers.has('upload-offset')).toBe(false);
    }
  });
});

describe('Core Protocol, PATCH', () => {
  it('applies the bytes at the offset and answers 204 with the new one', async () => {
    const bytes = image(5000);
    const id = await begin({ 'upload-length': '5000' });
    const first = await send(id, 0, bytes.subarray(0, 2000));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '2000']);
    const second = await send(id, 2000, bytes.subarray(2000));
    expect([second.status, second.headers.get('upload-offset')]).toEqual([204, '5000']);
    expect(await stored(id)).toEqual(bytes);
  });

  it('requires the content type application/offset+octet-stream, else 415', async () => {
    const id = await begin({ 'upload-length': '100' });
    const answer = await tus.call('PATCH', `uploads/${id}`, {
      headers: { 'content-type': 'image/jpeg', 'upload-offset': '0' },
      body: image(100),
    });
    expect(answer.status).toBe(415);
  });

  it('answers 409 and changes nothing when the offset does not match', async () => {
    const id = await begin({ 'upload-length': '100' });
    expect((await send(id, 10, image(50))).status).toBe(409);
    expect((await head(id)).headers.get('upload-offset')).toBe('0');
  });

  it.each(['-1', '1.5', '0x1', 'one', '', '99999999999999999999'])(
    'refuses the offset "%s" with 400',
    async (offset) => {
      const id = await begin({ 'upload-length': '100' });
      expect((await send(id, offset, image(50))).status).toBe(400);
    },
  );

  it('answers 404 for a resource that does not exist', async () => {
    expect((await send(randomUUID(), 0, image(50))).status).toBe(404);
  });

  it('keeps as much of an interrupted body as came, and stands at that offset', async () => {
    const bytes = image(1000);
    const id = await begin({ 'upload-length': '1000' });
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes.subarray(0, 600)),
      pull: (controller) => controller.error(new Error('the train went into a tunnel')),
    });
    await tus.call('PATCH', `uploads/${id}`, {
      headers: { 'content-type': piece, 'upload-offset': '0' },
      body,
    });
    expect((await head(id)).headers.get('upload-offset')).toBe('600');
    expect((await send(id, 600, bytes.subarray(600))).status).toBe(204);
    expect(await stored(id)).toEqual(bytes);
  });

  it.each(['Application/Offset+Octet-Stream', 'application/offset+octet-stream; charset=utf-8'])(
    'takes the content type as "%s" (RFC 9110, section 8.3.1)',
    async (type) => {
      const id = await begin({ 'upload-length': '100' });
      expect((await send(id, 0, image(50), { 'content-type': type })).status).toBe(204);
      const created = await tus.call('POST', 'uploads', {
        headers: { 'upload-length': '100', 'content-type': type },
        body: image(60),
      });
      expect([created.status, created.headers.get('upload-offset')]).toEqual([201, '60']);
    },
  );

  it('refuses more bytes than were announced with 413', async () => {
    const id = await begin({ 'upload-length': '100' });
    expect((await send(id, 0, image(101))).status).toBe(413);
    expect((await head(id)).headers.get('upload-offset')).toBe('0');
  });
});

describe('Core Protocol, OPTIONS', () => {
  it('answers 204 with Tus-Version, Tus-Extension, Tus-Max-Size, without a token or Tus-Resumable', async () => {
    const answer = await tus.call('OPTIONS', 'uploads', { bare: true, owner: null });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('tus-version')).toBe('1.0.0');
    expect(answer.headers.get('tus-max-size')).toBe('1000000');
    expect(answer.headers.get('tus-extension')!.split(',').sort()).toEqual([
      'checksum',
      'concatenation',
      'creation',
      'creation-defer-length',
      'creation-with-upload',
      'expiration',
      'termination',
    ]);
  });

  it('allows the console’s origin the tus headers, and no other origin anything', async () => {
    const ours = await tus.call('OPTIONS', 'uploads', {
      bare: true,
      owner: null,
      headers: { origin: 'https://console.example' },
    });
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://console.example');
    expect(ours.headers.get('access-control-allow-headers')).toMatch(/Upload-Offset/);
    expect(ours.headers.get('access-control-allow-headers')).toMatch(/X-Request-ID/);
    expect(ours.headers.get('access-control-expose-headers')).toMatch(/Upload-Offset/);
    const other = await tus.call('OPTIONS', 'uploads', {
      bare: true,
      owner: null,
      headers: { origin: 'https://else.example' },
    });
    expect(other.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('Core Protocol, Tus-Resumable', () => {
  it('is in every answer, refusals included', async () => {
    const id = await begin({ 'upload-length': '100' });
    const answers = [
      await head(id),
      await head(randomUUID()),
      await send(id, 9, image(10)),
      await tus.call('HEAD', `uploads/${id}`, { owner: null }),
    ];
    expect(answers.map(({ headers }) => headers.get('tus-resumable'))).toEqual([
      '1.0.0',
      '1.0.0',
      '1.0.0',
      '1.0.0',
    ]);
  });

  it.each([undefined, '0.2.2'])(
    'answers 412 with Tus-Version to a request of version %s, and does not process it',
    async (version) => {
      const headers: Record<string, string> = {
        'upload-length': '100',
        ...(version === undefined ? {} : { 'tus-resumable': version }),
      };
      const answer = await tus.call('POST', 'uploads', { bare: true, headers });
      expect([answer.status, answer.headers.get('tus-version')]).toEqual([412, '1.0.0']);
      expect(answer.headers.has('location')).toBe(false);
    },
  );
});

describe('a request that is refused', () => {
  const wrong = { 'upload-checksum': `sha1 ${Buffer.alloc(20).toString('base64')}` };
  const standsAt = async (id: string) => {
    const { headers } = await head(id);
    return [headers.get('upload-offset'), headers.get('upload-length')];
  };

  it('with 460 leaves neither its bytes nor the length that it announced', async () => {
    const id = await begin({ 'upload-defer-length': '1' });
    await send(id, 0, image(100));
    expect((await send(id, 100, image(50), { ...wrong, 'upload-length': '150' })).status).toBe(460);
    expect(await standsAt(id)).toEqual(['100', null]);
    expect((await send(id, 100, Buffer.alloc(0), { ...wrong, 'upload-length': '100' })).status).toBe(460);
    expect(await standsAt(id)).toEqual(['100', null]);
  });

  it('with 413 leaves neither, also when its bytes were stored while it ran', async () => {
    const id = await begin({ 'upload-defer-length': '1' });
    await send(id, 0, image(100));
    expect((await send(id, 100, image(100), { 'upload-length': '150' })).status).toBe(413);
    expect(await standsAt(id)).toEqual(['100', null]);
    async function* slowly() {
      yield image(1_000);
      await sleep(2_100);
      yield image(1_000);
      await sleep(600);
      yield image(1_000);
    }
    const body = ReadableStream.from(slowly());
    const answer = await tus.call('PATCH', `uploads/${id}`, {
      headers: { 'content-type': piece, 'upload-offset': '100', 'upload-length': '2500' },
      body,
    });
    expect(answer.status).toBe(413);
    expect(await standsAt(id)).toEqual(['100', null]);
  });

  it('for a length below the offset (400) or above the maximum (413) leaves the upload as it was', async () => {
    const id = await begin({ 'upload-defer-length': '1' });
    const bytes = image(100);
    await send(id, 0, bytes);
    expect((await send(id, 100, Buffer.alloc(0), { 'upload-length': '99' })).status).toBe(400);
    expect((await send(id, 100, Buffer.alloc(0), { 'upload-length': '1000001' })).status).toBe(413);
    expect(await standsAt(id)).toEqual(['100', null]);
    expect((await send(id, 100, Buffer.alloc(0), { 'upload-length': '100' })).status).toBe(204);
    expect(await stored(id)).toEqual(bytes);
  });

  it('with damaged first bytes and a checksum may be sent again', async () => {
    const id = await begin({ 'upload-length': '100' });
    const bytes = image(100);
    const checksum = { 'upload-checksum': `sha1 ${sha('sha1', bytes)}` };
    expect((await send(id, 0, Buffer.alloc(100, 'damaged'), checksum)).status).toBe(460);
    expect((await send(id, 0, bytes, checksum)).status).toBe(204);
  });
});

describe('the first bytes', () => {
  const text = Buffer.from('no image, whatever its pieces, but text of more than 32 bytes');

  it('are looked at when there are enough of them, however they come', async () => {
    const id = await begin({ 'upload-length': '61' });
    expect((await send(id, 0, text.subarray(0, 5))).status).toBe(204);
    expect((await send(id, 5, text.subarray(5))).status).toBe(415);
    expect((await head(id)).status).toBe(404);
    const fine = await begin({ 'upload-length': '61' });
    const bytes = image(61);
    for (const at of [0, 1, 2]) expect((await send(fine, at, bytes.subarray(at, at + 1))).status).toBe(204);
    expect((await send(fine, 3, bytes.subarray(3))).status).toBe(204);
    expect((await tus.raw.getBlockBlobClient(fine).getProperties()).contentType).toBe('image/jpeg');
  });

  it('are looked at when there are no more of them', async () => {
    const id = await begin({ 'upload-length': '5' });
    expect((await send(id, 0, text.subarray(0, 5))).status).toBe(415);
    const deferred = await begin({ 'upload-defer-length': '1' });
    await send(deferred, 0, text.subarray(0, 5));
    expect((await send(deferred, 5, Buffer.alloc(0), { 'upload-length': '5' })).status).toBe(415);
  });

  it('of a final upload are looked at too', async () => {
    const ids: string[] = [];
    for (const bytes of [text.subarray(0, 4), text.subarray(4)]) {
      const id = await begin({ 'upload-length': String(bytes.length), 'upload-concat': 'partial' });
      await send(id, 0, bytes);
      ids.push(`/api/uploads/${id}`);
    }
    const answer = await tus.call('POST', 'uploads', {
      headers: { 'upload-concat': `final;${ids.join(' ')}` },
    });
    expect(answer.status).toBe(415);
  });
});

describe('Core Protocol, X-HTTP-Method-Override', () => {
  it.each([
    ['PUT', 'PATCH'],
    ['GET', 'HEAD'],
    ['PATCH', 'DELETE'],
    ['HEAD', 'DELETE'],
    ['DELETE', 'HEAD'],
    ['POST', 'patch'],
  ])('of a %s names %s: the method that was sent is ignored', async (method, meant) => {
    const id = await begin({ 'upload-length': '100' });
    const answer = await tus.call(method, `uploads/${id}`, {
      headers: { 'x-http-method-override': meant, 'content-type': piece, 'upload-offset': '0' },
      ...(meant.toUpperCase() === 'PATCH' ? { body: image(10) } : {}),
    });
    expect(answer.status).toBe(meant === 'HEAD' ? 200 : 204);
    const after = await head(id);
    expect([after.status, after.headers.get('upload-offset')]).toEqual(
      { PATCH: [200, '10'], HEAD: [200, '0'], DELETE: [404, null] }[meant.toUpperCase()],
    );
  });

  it('on the address of all uploads can name OPTIONS or POST, and creates nothing for another', async () => {
    const call = (meant: string) =>
      tus.call('PUT', 'uploads', { headers: { 'x-http-method-override': meant, 'upload-length': '10' } });
    expect((await call('OPTIONS')).headers.get('tus-version')).toBe('1.0.0');
    expect((await call('POST')).status).toBe(201);
    const refused = await call('PATCH');
    expect([refused.status, refused.headers.get('allow'), refused.headers.get('tus-resumable')]).toEqual([
      405,
      'OPTIONS, POST',
      '1.0.0',
    ]);
  });

  it('is taken as the method of the request', async () => {
    const bytes = image(100);
    const id = await begin({ 'upload-length': '100' });
    const answer = await tus.call('POST', `uploads/${id}`, {
      headers: { 'x-http-method-override': 'PATCH', 'content-type': piece, 'upload-offset': '0' },
      body: bytes,
    });
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, '100']);
  });
});

describe('Creation', () => {
  it('answers 201 with the Location of the new resource', async () => {
    const answer = await tus.call('POST', 'uploads', { headers: { 'upload-length': '100' } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toMatch(/^\/api\/uploads\/[0-9a-f-]{36}$/);
  });

  it('answers 413 when Upload-Length exceeds the maximum', async () => {
    expect((await tus.call('POST', 'uploads', { headers: { 'upload-length': '1000001' } })).status).toBe(413);
  });

  it.each<Record<string, string>>([
    {},
    { 'upload-length': '-1' },
    { 'upload-length': '10', 'upload-defer-length': '1' },
    { 'upload-defer-length': '2' },
  ])('refuses %j with 400', async (headers) => {
    expect((await tus.call('POST', 'uploads', { headers })).status).toBe(400);
  });

  it('makes an empty upload complete at once', async () => {
    const id = await begin({ 'upload-length': '0' });
    expect((await head(id)).headers.get('upload-offset')).toBe('0');
  });

  it('answers Upload-Metadata in HEAD as it was sent', async () => {
    const metadata = `filename ${Buffer.from('Straße.jpg').toString('base64')},is_confidential`;
    const id = await begin({ 'upload-length': '100', 'upload-metadata': metadata });
    expect((await head(id)).headers.get('upload-metadata')).toBe(metadata);
  });

  it.each(['filename', 'name'])('has the name of the file, which stays with the image: %s', async (key) => {
    const bytes = image(300);
    const metadata = `filetype aW1hZ2UvanBlZw==, ${key} ${Buffer.from('../Straße.jpg').toString('base64')}`;
    const id = await begin({ 'upload-length': '300', 'upload-metadata': metadata });
    await send(id, 0, bytes);
    const { metadata: kept } = await tus.raw.getBlockBlobClient(id).getProperties();
    expect(readRawMetadata(kept)?.fileName).toBe('Straße.jpg');
  });

  it.each([
    'a dGVzdA==,,b dGVzdA==',
    'key  ,a dGVzdA==',
    'a b c',
    'name ###',
    'a dGVzdA==,a dGVzdA==',
    `k ${'A'.repeat(8000)}`,
  ])('refuses the metadata "%.20s" with 400', async (metadata) => {
    const answer = await tus.call('POST', 'uploads', {
      headers: { 'upload-length': '1', 'upload-metadata': metadata },
    });
    expect(answer.status).toBe(400);
  });
});

describe('Creation, Upload-Defer-Length', () => {
  it('is 1 in HEAD until the length is known, which then does not change', async () => {
    const bytes = image(300);
    const id = await begin({ 'upload-defer-length': '1' });
    expect((await head(id)).headers.get('upload-defer-length')).toBe('1');
    expect((await head(id)).headers.has('upload-length')).toBe(false);
    await send(id, 0, bytes.subarray(0, 100));
    await send(id, 100, bytes.subarray(100, 200), { 'upload-length': '300' });
    expect((await head(id)).headers.get('upload-length')).toBe('300');
    expect((await send(id, 200, bytes.subarray(200), { 'upload-length': '301' })).status).toBe(400);
    expect((await send(id, 200, bytes.subarray(200))).status).toBe(204);
    expect(await stored(id)).toEqual(bytes);
  });
});

describe('an upload whose length is deferred', () => {
  it('has at most the bytes that any may have', async () => {
    const id = await begin({ 'upload-defer-length': '1' });
    expect((await send(id, 0, image(1_000_001))).status).toBe(413);
    expect((await head(id)).headers.get('upload-offset')).toBe('0');
    expect((await send(id, 0, image(1_000_000))).status).toBe(204);
    expect((await send(id, 1_000_000, Buffer.alloc(1))).status).toBe(413);
  });
});

describe('Creation With Upload', () => {
  it('is refused for a final upload, whose bytes come from partial ones (403)', async () => {
    const answer = await tus.call('POST', 'uploads', {
      headers: { 'upload-concat': `final;/api/uploads/${randomUUID()}`, 'content-type': piece },
      body: image(10),
    });
    expect(answer.status).toBe(403);
  });

  it('takes bytes in the creating request and answers the offset', async () => {
    const bytes = image(400);
    const answer = await tus.call('POST', 'uploads', {
      headers: { 'upload-length': '400', 'content-type': piece },
      body: bytes.subarray(0, 150),
    });
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, '150']);
    expect((await send(idOf(answer), 150, bytes.subarray(150))).status).toBe(204);
    expect(await stored(idOf(answer))).toEqual(bytes);
  });
});

describe('Expiration', () => {
  it('tells Upload-Expires, a day ahead, in answers to POST, PATCH and HEAD of an unfinished upload', async () => {
    const created = await tus.call('POST', 'uploads', { headers: { 'upload-length': '100' } });
    const written = await send(idOf(created), 0, image(50));
    for (const { headers } of [created, written, await head(idOf(created))]) {
      const expires = headers.get('upload-expires')!;
      expect(new Date(expires).toUTCString()).toBe(expires);
      expect(Math.abs(new Date(expires).getTime() - Date.now() - 86_400_000)).toBeLessThan(60_000);
    }
  });
});

describe('Checksum', () => {
  it('names its algorithms, sha1 among them', async () => {
    const answer = await tus.call('OPTIONS', 'uploads', { bare: true, owner: null });
    expect(answer.headers.get('tus-checksum-algorithm')!.split(',').sort()).toEqual([
      'crc32c',
      'sha1',
      'sha256',
    ]);
  });

  it.each(['sha1', 'sha256'])('takes a body with the right %s', async (algorithm) => {
    const bytes = image(200);
    const id = await begin({ 'upload-length': '200' });
    expect(
      (await send(id, 0, bytes, { 'upload-checksum': `${algorithm} ${sha(algorithm, bytes)}` })).status,
    ).toBe(204);
  });

  it('takes crc32c: 0xE3069283 for "123456789" (RFC 3720)', async () => {
    const part = await begin({ 'upload-length': '9', 'upload-concat': 'partial' });
    const checksum = `crc32c ${Buffer.from('e3069283', 'hex').toString('base64')}`;
    expect((await send(part, 0, Buffer.from('123456789'), { 'upload-checksum': checksum })).status).toBe(204);
  });

  it('answers 460 and discards the piece when the checksum does not match', async () => {
    const id = await begin({ 'upload-length': '200' });
    const answer = await send(id, 0, image(200), {
      'upload-checksum': `sha1 ${sha('sha1', Buffer.from('else'))}`,
    });
    expect(answer.status).toBe(460);
    expect((await head(id)).headers.get('upload-offset')).toBe('0');
  });

  it.each(['md5 XrY7u+Ae7tCTyyK7j1rNww==', 'sha1 short', 'sha1'])(
    'refuses "%s" with 400',
    async (checksum) => {
      const id = await begin({ 'upload-length': '200' });
      expect((await send(id, 0, image(200), { 'upload-checksum': checksum })).status).toBe(400);
    },
  );
});

describe('Termination', () => {
  it('answers 204, and future requests 404; the blocks are gone', async () => {
    const id = await begin({ 'upload-length': '200' });
    await send(id, 0, image(100));
    expect((await tus.call('DELETE', `uploads/${id}`)).status).toBe(204);
    expect((await head(id)).status).toBe(404);
    expect((await send(id, 100, image(100))).status).toBe(404);
    const left: string[] = [];
    for await (const blob of tus.raw.listBlobsFlat({ includeUncommitedBlobs: true })) left.push(blob.name);
    expect(left).not.toContain(id);
  });

  it('leaves an upload that has become an image to the images', async () => {
    const id = await begin({ 'upload-length': '100' });
    await send(id, 0, image(100));
    expect((await tus.call('DELETE', `uploads/${id}`)).status).toBe(409);
  });
});

describe('Concatenation', () => {
  const partOf = async (bytes: Uint8Array, owner = 'anna') => {
    const id = await begin({ 'upload-length': String(bytes.length), 'upload-concat': 'partial' }, owner);
    await send(id, 0, bytes, {}, owner);
    return id;
  };
  const join = (parts: string[]) =>
    tus.call('POST', 'uploads', {
      headers: { 'upload-concat': `final;${parts.map((id) => `/api/uploads/${id}`).join(' ')}` },
    });

  it('joins the parts in the order of the list', async () => {
    const bytes = image(3000);
    const [b, a] = [await partOf(bytes.subarray(1000)), await partOf(bytes.subarray(0, 1000))];
    const answer = await join([a, b]);
    expect(answer.status).toBe(201);
    expect(await stored(idOf(answer))).toEqual(bytes);
  });

  it('includes Upload-Concat in HEAD of partial and final uploads, and the length of a final one', async () => {
    const bytes = image(100);
    const part = await begin({ 'upload-length': '100', 'upload-concat': 'partial' });
    expect((await head(part)).headers.get('upload-concat')).toBe('partial');
    await send(part, 0, bytes);
    const answer = await head(idOf(await join([part])));
    expect(answer.headers.get('upload-concat')).toBe(`final;/api/uploads/${part}`);
    expect(answer.headers.get('upload-length')).toBe('100');
    const other = await partOf(image(100));
    const asSent = `final; https://photos.example/api/uploads/${other}/`;
    const final = await tus.call('POST', 'uploads', { headers: { 'upload-concat': asSent } });
    expect((await head(idOf(final))).headers.get('upload-concat')).toBe(asSent);
  });

  it('answers 403 to PATCH of a final upload', async () => {
    const final = idOf(await join([await partOf(image(100))]));
    expect((await send(final, 100, image(10))).status).toBe(403);
  });

  it('does not make a partial upload an image', async () => {
    const part = await partOf(image(100));
    expect(await tus.raw.getBlockBlobClient(part).exists()).toBe(false);
    expect(await tus.announced()).not.toContain(part);
  });

  it('answers the same upload when the same parts are joined again, for an answer that was lost', async () => {
    const part = await partOf(image(100));
    const [first, again] = [await join([part]), await join([part])];
    expect([again.status, idOf(again)]).toEqual([201, idOf(first)]);
  });

  it('refuses a part that is missing, unfinished, another owner’s or not partial, and leaves nothing behind', async () => {
    const unfinished = await begin({ 'upload-length': '100', 'upload-concat': 'partial' });
    const whole = await begin({ 'upload-length': '100' });
    const others = await partOf(image(100), 'bert');
    expect((await join([randomUUID()])).status).toBe(404);
    expect((await join([unfinished])).status).toBe(400);
    expect((await join([others])).status).toBe(404);
    expect((await join([whole])).status).toBe(404);
  });
});

describe('a finished upload', () => {
  it('is announced on the stream, with the id of the upload', async () => {
    const id = await begin({ 'upload-length': '100' });
    await send(id, 0, image(100));
    expect(await tus.announced()).toContain(id);
  });

  it('answers the same to a last PATCH that is repeated', async () => {
    const id = await begin({ 'upload-length': '100' });
    await send(id, 0, image(100));
    const again = await send(id, 100, Buffer.alloc(0));
    expect([again.status, again.headers.get('upload-offset')]).toEqual([204, '100']);
  });

  it('that is no image is refused with 415 at its first bytes and forgotten', async () => {
    const id = await begin({ 'upload-length': '1000' });
    expect(
      (await send(id, 0, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'.padEnd(500)))).status,
    ).toBe(415);
    expect((await head(id)).status).toBe(404);
  });
});

describe('two requests at once', () => {
  it('cannot corrupt an upload: one goes on, the other is told to ask for the offset', async () => {
    const bytes = image(900_000);
    const id = await begin({ 'upload-length': '900000' });
    const answers = await Promise.all([send(id, 0, bytes), send(id, 0, bytes)]);
    for (const { status } of answers) expect([204, 409, 423]).toContain(status);
    const offset = Number((await head(id)).headers.get('upload-offset'));
    if (offset < bytes.length) expect((await send(id, offset, bytes.subarray(offset))).status).toBe(204);
    expect((await stored(id)).equals(bytes)).toBe(true);
  });

  it('ends a PATCH when the upload is terminated, and leaves nothing', async () => {
    const id = await begin({ 'upload-length': '1000' });
    const stalled = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(image(100)) });
    const patching = tus.call('PATCH', `uploads/${id}`, {
      headers: { 'content-type': piece, 'upload-offset': '0' },
      body: stalled,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect((await tus.call('DELETE', `uploads/${id}`)).status).toBe(204);
    expect((await patching).status).toBeGreaterThanOrEqual(400);
    expect((await head(id)).status).toBe(404);
  });
});
