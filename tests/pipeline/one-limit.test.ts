import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ImageDetail } from '../../client/api-types.ts';
import { isSettled } from '../../client/image.ts';
import { uploadResumable } from '../../client/upload-resumable.ts';
import { eventually } from '../support/eventually.ts';
import { quarters } from './support/pictures.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

const post = 20_000;
const most = 200_000;
let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({
    services: ['upload', 'stream', 'processing', 'read'],
    settings: { DARKROOM_MAX_UPLOAD_BYTES: String(post), DARKROOM_MAX_IMAGE_BYTES: String(most) },
  });
}, startPatience);
afterAll(() => stack.stop(), 180_000);

/** A picture as uncompressed TIFF, which has three bytes a pixel. */
const picture = (pixels: number): Promise<Buffer> =>
  quarters(pixels, pixels).removeAlpha().tiff({ compression: 'none' }).toBuffer();

async function send(bytes: Buffer): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'darkroom-one-limit-'));
  const file = join(directory, 'picture.tiff');
  writeFileSync(file, bytes);
  const connection = { api: stack.endpoints.api, token: (persona: string) => stack.token(persona) };
  const options = {
    as: 'uploader',
    stateFile: join(directory, 'under-way.json'),
    onProgress: () => undefined,
  };
  return (await uploadResumable(connection, file, options)).id;
}

describe('what an image may weigh', () => {
  test('is the same for taking and for processing it, whatever one POST may bring', async () => {
    const bytes = await picture(240);
    expect(bytes.length).toBeGreaterThan(post * 5);
    const refused = await stack.call('uploader', '/images', {
      method: 'POST',
      headers: { 'content-type': 'image/tiff' },
      body: Uint8Array.from(bytes),
    });
    expect(refused.status).toBe(413);
    const id = await send(bytes);
    const image = await eventually(
      async () => {
        const found = (await (await stack.call('uploader', `/images/${id}`)).json()) as ImageDetail;
        return isSettled(found) ? found : undefined;
      },
      { within: 60_000 },
    );
    expect([image.status, image.bytes]).toEqual(['processed', bytes.length]);
  }, 90_000);

  test('is refused before it is sent when it is more', async () => {
    await expect(send(await picture(300))).rejects.toMatchObject({ status: 413, code: 'too-large' });
  });
});
