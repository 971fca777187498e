import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mediaTypeOf } from '../../../shared/platform/media-types.ts';
import { formats, sampleImage } from '../../support/sample-images.ts';
import { agents, pathOf, type Send, type Sent } from '../support/send.ts';
import { fileNames } from './words.ts';

const as = 'uploader2';
const piece = 'application/offset+octet-stream';
const tus = { 'tus-resumable': '1.0.0' };
const encoded = (text: string): string => Buffer.from(text).toString('base64');
const metadata = (name: string): string =>
  `filename ${encoded(name)},filetype ${encoded('image/jpeg')},relativePath ${encoded(`2026/${name}`)}`;

function form(files: readonly (readonly [name: string, type: string, bytes: Buffer])[]) {
  const boundary = `----WebKitFormBoundary${randomBytes(8).toString('hex')}`;
  const chunks = files.flatMap(([name, type, bytes]) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name.replaceAll('"', '%22')}"\r\nContent-Type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** A JPEG whose bytes are noise: each is another chance for a rule to see an attack. */
export const noise = (jpeg: Buffer): Buffer =>
  Buffer.concat([jpeg.subarray(0, 600), randomBytes(120_000), Buffer.from([0xff, 0xd9])]);

const post = (name: string, body: Buffer, headers: Record<string, string>): Sent => ({
  name,
  method: 'POST',
  url: '/api/images',
  as,
  headers,
  body,
});

async function* single(jpeg: Buffer): AsyncGenerator<Sent> {
  for (const format of formats) {
    const bytes = await sampleImage(format, 600, 400);
    const type = mediaTypeOf(`a.${format}`);
    yield post(`image, ${format}`, bytes, { ...agents.node, 'content-type': type });
    yield {
      name: `form, ${format}`,
      method: 'POST',
      url: '/api/images',
      as,
      ...form([[`a.${format}`, type, bytes]]),
    };
  }
  const type = { 'content-type': 'image/jpeg' };
  yield post('image, with a key', jpeg, { ...type, 'idempotency-key': "IMG_0001.JPG;camera=2 (O'Brien)" });
  yield post('image, octet-stream', jpeg, { 'content-type': 'application/octet-stream' });
  yield post('image, no type', jpeg, {});
  yield post('image, curl', jpeg, { ...agents.curl, ...type });
  yield post('image, python', jpeg, { ...agents.python, ...type });
  for (let count = 0; count < 20; count += 1) yield post('image, noise', noise(jpeg), type);
}

function* forms(jpeg: Buffer): Generator<Sent> {
  const url = '/api/images';
  for (const name of fileNames)
    yield { name: `form, ${name}`, method: 'POST', url, as, ...form([[name, 'image/jpeg', jpeg]]) };
  const many = fileNames.map((name) => [name, 'image/jpeg', jpeg] as const);
  yield { name: 'form, several files', method: 'POST', url, as, ...form(many) };
  for (let count = 0; count < 10; count += 1)
    yield { name: 'form, noise', method: 'POST', url, as, ...form([['a.jpg', 'image/jpeg', noise(jpeg)]]) };
}

/** Resumable uploads as our console, our CLI and other tus clients make them. Each ends, so that none is left over. */
async function* resumable(jpeg: Buffer, send: Send): AsyncGenerator<Sent> {
  const create = async (headers: Record<string, string>, body: Buffer | string = ''): Promise<string> => {
    const answer = await send({
      name: '',
      method: 'POST',
      url: '/api/uploads',
      as,
      headers: { ...tus, ...headers },
      body,
    });
    return pathOf(String(answer.headers['location'] ?? '/api/uploads/none'));
  };
  const length = { 'upload-length': String(jpeg.length) };
  const bytes = { ...tus, 'content-type': piece, 'upload-offset': '0' };
  const checksum = `sha1 ${createHash('sha1').update(jpeg).digest('base64')}`;
  for (const url of ['/api/uploads', `/api/uploads/${randomUUID()}`])
    yield { name: 'tus options', method: 'OPTIONS', url };
  for (const name of fileNames) {
    const at = await create({ ...length, 'upload-metadata': metadata(name) });
    yield { name: `tus HEAD, ${name}`, method: 'HEAD', url: at, as, headers: tus };
    yield { name: `tus PATCH, ${name}`, method: 'PATCH', url: at, as, headers: bytes, body: jpeg };
  }
  const whole = { ...tus, ...length, 'content-type': piece, 'upload-metadata': metadata('a.jpg') };
  yield { name: 'tus with the bytes', method: 'POST', url: '/api/uploads', as, headers: whole, body: jpeg };
  const override = { ...bytes, 'x-http-method-override': 'PATCH' };
  yield {
    name: 'tus PATCH by POST',
    method: 'POST',
    url: await create(length),
    as,
    headers: override,
    body: jpeg,
  };
  const checked = { ...bytes, 'upload-checksum': checksum };
  yield {
    name: 'tus checksum',
    method: 'PATCH',
    url: await create(length),
    as,
    headers: checked,
    body: jpeg,
  };
  yield { name: 'tus DELETE', method: 'DELETE', url: await create(length), as, headers: tus };
  const half = jpeg.length >> 1;
  const part = (of: Buffer) =>
    create({ 'upload-length': String(of.length), 'upload-concat': 'partial', 'content-type': piece }, of);
  const parts = [await part(jpeg.subarray(0, half)), await part(jpeg.subarray(half))];
  const joined = { ...tus, 'upload-concat': `final;${parts.join(' ')}` };
  yield { name: 'tus concatenation', method: 'POST', url: '/api/uploads', as, headers: joined, body: '' };
}

/** Every way in which an image comes over HTTP. */
export async function* uploads(send: Send): AsyncGenerator<Sent> {
  const jpeg = await sampleImage('jpeg', 900, 600);
  yield* single(jpeg);
  yield* forms(jpeg);
  yield* resumable(jpeg, send);
}
