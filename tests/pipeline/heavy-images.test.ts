import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { uploadResumable } from '../../client/upload-resumable.ts';
import { heavyImages, heavyPixels } from '../support/heavy-images.ts';
import { residentMegabytes } from '../support/process-memory.ts';
import { sampleImage } from '../support/sample-images.ts';
import { startPatience, startTestStack, type TestStack } from './support/stack.ts';

/** The weight of each: 1020 for what tus takes at most, of every kind; without it, one kind of each sort, past any budget of memory. */
const given = process.env['DARKROOM_TEST_HEAVY_MB'];
const bytes = Number(given ?? 250) * 2 ** 20;
const few = ['TIFF with a long text', 'PNG of many pixels'];
const images = [...heavyImages, heavyPixels].filter(
  ({ title }) => given !== undefined || few.includes(title),
);
const patience = 600_000;
/** What the functions host, its worker and the decoders may have more than before, whatever the image weighs. MB. */
const allowedGrowth = 500;

let stack: TestStack;
const folder = mkdtempSync(join(tmpdir(), 'darkroom-heavy-'));

beforeAll(async () => {
  stack = await startTestStack({ services: ['upload', 'stream', 'processing', 'read'] });
}, startPatience);
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
}, 180_000);

const send = (file: string): Promise<{ id: string }> =>
  uploadResumable(stack.connection, file, {
    as: 'uploader',
    stateFile: join(folder, 'under-way.json'),
    onProgress: () => undefined,
  });

const memory = (): number => residentMegabytes(stack.pid('functions')!) ?? 0;

describe('an image that is accepted', () => {
  test.each(images)(
    'is processed, whatever it weighs: $title',
    async ({ extension, write }) => {
      const file = join(folder, `heavy.${extension}`);
      await write(file, bytes);
      const { size } = statSync(file);
      const idle = memory();
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, memory())), 100);
      const { id } = await send(file);
      const image = await stack.outcome(id, patience);
      clearInterval(watch);
      rmSync(file);
      process.stderr.write(
        `${extension}, ${Math.round(size / 2 ** 20)} MB: ${Math.round(most - idle)} MB of memory\n`,
      );
      expect([image.status, image.bytes, image.failure]).toEqual(['processed', size, null]);
      expect(image.variants.length).toBeGreaterThan(0);
      expect(most - idle).toBeLessThan(allowedGrowth);
    },
    patience,
  );
});

describe('an image that is too heavy for its type', () => {
  test(
    'is refused by its first bytes, however it comes, and nothing of it is kept',
    async () => {
      const avif = Buffer.concat([await sampleImage('avif'), Buffer.alloc(65 * 2 ** 20)]);
      const file = join(folder, 'heavy.avif');
      writeFileSync(file, avif);
      const tooLarge = { status: 413, code: 'too-large' };
      await expect(send(file)).rejects.toMatchObject(tooLarge);
      const posted = await stack.call('uploader', '/images', { method: 'POST', body: Uint8Array.from(avif) });
      expect(await posted.json()).toMatchObject({
        ...tooLarge,
        detail: expect.stringContaining('image/avif'),
      });
    },
    patience,
  );
});
