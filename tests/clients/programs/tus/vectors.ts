import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { check, tell, uploads } from '../check.ts';
import { begin, call, expectAnswer, head, patch, piece } from './http.ts';

/* What https://tus.io/protocols/resumable-upload says (1.0.0), section by section, against a running service. */

const length = 70_000;
const image = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(length - 4, 'image')]);
const whole = { 'upload-length': String(length) };
const base64 = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('base64');
const standsAt = async (what: string, path: string, offset: number, total: string | null = String(length)) =>
  expectAnswer(what, await head(path), 200, {
    'upload-offset': String(offset),
    'upload-length': total,
    'upload-defer-length': total === null ? '1' : null,
    'cache-control': /no-store/,
  });

tell({ version: '1.0.0' });

await check('core', async () => {
  const path = await begin(whole);
  await standsAt('a new upload', path, 0);
  expectAnswer('bytes at the offset', await patch(path, 0, image.subarray(0, 50)), 204, {
    'upload-offset': '50',
  });
  expectAnswer('at another offset', await patch(path, 7, image), 409);
  for (const offset of ['-1', '+5', '1.5', '0x5', 'five'])
    expectAnswer(`offset ${offset}`, await patch(path, offset, image), 400);
  expectAnswer(
    'another type',
    await patch(path, 50, image, { headers: { 'content-type': 'image/jpeg' } }),
    415,
  );
  const capitals = { headers: { 'content-type': 'Application/Offset+Octet-Stream' } };
  expectAnswer('the type in capitals', await patch(path, 50, image.subarray(50, 60), capitals), 204);
  expectAnswer('more than announced', await patch(path, 60, image), 413);
  expectAnswer('more, chunked', await patch(path, 60, image, { isChunked: true }), 413);
  await standsAt('after refusals', path, 60);
  expectAnswer('the rest, chunked', await patch(path, 60, image.subarray(60), { isChunked: true }), 204);
  await standsAt('a finished upload', path, length);
  expectAnswer('an unknown upload', await head(`/api/uploads/${randomUUID()}`), 404, {
    'upload-offset': null,
  });
  expectAnswer('an upload without an id', await patch('/api/uploads/', 0, image), 404);
});

await check('versions', async () => {
  const other = { headers: { 'tus-resumable': '0.2.2', ...whole } };
  expectAnswer('another version', await call('POST', '', other), 412, {
    'tus-version': '1.0.0',
    location: null,
  });
  expectAnswer('OPTIONS of another version', await call('OPTIONS', '', other), 204, {
    'tus-version': '1.0.0',
    'tus-max-size': /^\d+$/,
    'tus-extension': /creation.*expiration.*checksum.*termination.*concatenation/,
    'tus-checksum-algorithm': /sha1/,
  });
  expectAnswer('another method', await call('PUT', `/api/uploads/${randomUUID()}`), 405);
});

await check('override', async () => {
  const named = (meant: string) => ({
    'x-http-method-override': meant,
    'content-type': piece,
    'upload-offset': '0',
  });
  for (const method of ['POST', 'PUT']) {
    const path = await begin(whole);
    const asked = { headers: named('PATCH'), body: image.subarray(0, 9) };
    expectAnswer(`${method} that means PATCH`, await call(method, path, asked), 204, {
      'upload-offset': '9',
    });
    expectAnswer(`${method} that means HEAD`, await call(method, path, { headers: named('HEAD') }), 200);
    expectAnswer('DELETE that means HEAD', await call('DELETE', path, { headers: named('HEAD') }), 200);
    expectAnswer('PATCH that means DELETE', await call('PATCH', path, { headers: named('DELETE') }), 204);
    expectAnswer('an ended upload', await head(path), [404, 410]);
  }
});

await check('creation', async () => {
  for (const wrong of [
    {},
    { 'upload-length': '-1' },
    { 'upload-length': '1e3' },
    { ...whole, 'upload-defer-length': '1' },
  ])
    expectAnswer(JSON.stringify(wrong), await call('POST', '', { headers: wrong }), 400);
  expectAnswer(
    'more than the maximum',
    await call('POST', '', { headers: { 'upload-length': '9007199254740991' } }),
    413,
  );
  for (const metadata of ['a  YQ==', 'a YQ==,a YQ==', 'a !', ',a YQ==', 'k ' + 'A'.repeat(4_096)]) {
    const headers = { ...whole, 'upload-metadata': metadata };
    expectAnswer(`metadata ${metadata.slice(0, 20)}`, await call('POST', '', { headers }), 400);
  }
  const metadata = `name ${Buffer.from('słońce 日本.jpg').toString('base64')},is_confidential`;
  const path = await begin({ ...whole, 'upload-metadata': metadata });
  expectAnswer('metadata', await head(path), 200, { 'upload-metadata': metadata, 'upload-expires': /GMT$/ });
  expectAnswer('an unfinished upload', await patch(path, 0, image.subarray(0, 5)), 204, {
    'upload-expires': /GMT$/,
  });
  const withBytes = { headers: { ...whole, 'content-type': piece }, body: image.subarray(0, 100) };
  expectAnswer('with its first bytes', await call('POST', '', withBytes), 201, { 'upload-offset': '100' });
});

await check('deferred length', async () => {
  const path = await begin({ 'upload-defer-length': '1' });
  await patch(path, 0, image.subarray(0, 100));
  await standsAt('without a length', path, 100, null);
  const announce = (total: number) => ({ headers: { 'upload-length': String(total) } });
  expectAnswer('less than there is', await patch(path, 100, Buffer.alloc(0), announce(99)), 400);
  expectAnswer('more than it then has', await patch(path, 100, image.subarray(0, 9), announce(105)), 413);
  await standsAt('after refusals', path, 100, null);
  expectAnswer('with the length', await patch(path, 100, image.subarray(100, 200), announce(length)), 204);
  expectAnswer('with another', await patch(path, 200, image.subarray(200), announce(length + 1)), 400);
  expectAnswer('the rest', await patch(path, 200, image.subarray(200)), 204);
});

await check('checksum', async () => {
  const path = await begin({ 'upload-defer-length': '1' });
  const checked = (value: string, more = {}) => ({ headers: { 'upload-checksum': value, ...more } });
  const first = image.subarray(0, 1_000);
  for (const wrong of ['md5 XrY7u+Ae7tCTyyK7j1rNww==', 'sha1', 'sha1 !', 'SHA1 ' + base64('sha1', first)])
    expectAnswer(wrong, await patch(path, 0, first, checked(wrong)), 400);
  const other = checked(`sha1 ${base64('sha1', image)}`, { 'upload-length': '1000' });
  expectAnswer('another digest', await patch(path, 0, first, other), 460);
  await standsAt('after 460', path, 0, null);
  for (const [at, algorithm] of [
    [0, 'sha1'],
    [1_000, 'sha256'],
  ] as const) {
    const bytes = image.subarray(at, at + 1_000);
    const right = checked(`${algorithm} ${base64(algorithm, bytes)}`);
    expectAnswer(algorithm, await patch(path, at, bytes, right), 204, {
      'upload-offset': String(at + 1_000),
    });
  }
  await patch(path, 2_000, image.subarray(2_000, 5_000), {
    ...checked(`sha1 ${base64('sha1', image)}`),
    isCut: true,
  });
  await sleep(500);
  await standsAt('after a cut with a checksum', path, 2_000, null);
});

await check('interrupted', async () => {
  const path = await begin(whole);
  await patch(path, 0, image.subarray(0, 40_000), { isCut: true });
  await sleep(500);
  await standsAt('after a cut', path, 40_000);
  expectAnswer('the rest', await patch(path, 40_000, image.subarray(40_000)), 204);
});

await check('termination', async () => {
  const path = await begin(whole);
  expectAnswer('DELETE', await call('DELETE', path), 204);
  for (const method of ['HEAD', 'DELETE'])
    expectAnswer(`then ${method}`, await call(method, path), [404, 410]);
  expectAnswer('then PATCH', await patch(path, 0, image), [404, 410]);
});

await check('concatenation', async () => {
  const parts: string[] = [];
  for (const bytes of [image.subarray(0, 3), image.subarray(3)]) {
    const path = await begin({ 'upload-length': String(bytes.length), 'upload-concat': 'partial' });
    expectAnswer('a partial upload', await head(path), 200, { 'upload-concat': 'partial' });
    expectAnswer('its bytes', await patch(path, 0, bytes), 204);
    parts.push(path);
  }
  for (const wrong of ['final', 'final;', 'PARTIAL', `final;${parts.join(' ')} ${await begin(whole)}`])
    expectAnswer(wrong, await call('POST', '', { headers: { 'upload-concat': wrong } }), [400, 404]);
  const asSent = `final;${new URL(parts[0]!, uploads.endpoint).href} ${parts[1]!}`;
  const path = await begin({ 'upload-concat': asSent });
  expectAnswer('the final upload', await head(path), 200, {
    ...{ 'upload-concat': asSent, 'upload-length': String(length), 'upload-offset': String(length) },
  });
  expectAnswer('PATCH of it', await patch(path, length, Buffer.from('x')), 403);
});

await check('five writers', async () => {
  const path = await begin(whole);
  const writer = async (): Promise<void> => {
    for (;;) {
      const where = await head(path);
      expectAnswer('HEAD', where, 200);
      const offset = Number(where.headers['upload-offset']);
      if (offset === length) return;
      expectAnswer('PATCH', await patch(path, offset, image.subarray(offset)), [204, 409, 423]);
    }
  };
  const startedAt = performance.now();
  await Promise.all([writer(), writer(), writer(), writer(), writer()]);
  if (performance.now() - startedAt > 10_000) throw new Error('five writers took more than 10 s');
});
