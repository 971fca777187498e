import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { worstFirst } from '../../../../client/worst-first.ts';
import { composition } from '../../../../functions/composition.ts';
import { blobService } from '../../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../../shared/platform/blobs/containers.ts';
import { loadProcessors } from '../../../../shared/images/process/registry.ts';
import { sandboxLimits } from '../../../../shared/operations/sandbox/limits.ts';
import { makeSandbox } from '../../../../shared/operations/sandbox/sandbox.ts';
import type { Compared } from '../../../../shared/operations/sandbox/compare.ts';
import { imageMaker } from '../../../support/images.ts';
import { jpegPhoto } from '../../../support/photos.ts';
import { closePair, plantedPair } from '../../../support/sandbox.ts';
import { sampleImage } from '../../../support/sample-images.ts';
import { startOperations } from './support.ts';
import '../../../../functions/operations/index.ts';

let stack: Awaited<ReturnType<typeof startOperations>>;
beforeAll(async () => {
  stack = await startOperations();
}, 180_000);
afterAll(() => stack.stop());

interface Tried {
  readonly image: unknown;
  readonly rows: readonly (Compared & { released: { picture: string | null; value: unknown } | null })[];
}

async function post(photo: Uint8Array) {
  const headers = { ...(await stack.token(['Engineering'])), 'content-type': 'image/jpeg' };
  return stack.send('POST', '/api/operations/sandbox/photos', { headers, text: photo });
}
const tried = async (photo: Uint8Array): Promise<Tried> => (await (await post(photo)).json()) as Tried;

/** A stored image, as the pipeline leaves it before it is processed. */
async function stored(bytes: Uint8Array): Promise<string> {
  const database = await composition.database();
  const images = imageMaker(stack.pipeline.stores.storage, database);
  const imageId = await images.make('ann', 'stored');
  await images.put(containers.raw, imageId, bytes);
  return imageId;
}

/** All that is kept: every blob with when it changed, and the rows of images. */
async function everythingKept(): Promise<unknown> {
  const service = blobService(stack.pipeline.stores.storage);
  const blobs: string[] = [];
  for (const name of Object.values(containers)) {
    for await (const blob of service.getContainerClient(name).listBlobsFlat())
      blobs.push(`${name}/${blob.name} ${blob.properties.etag}`);
  }
  const database = await composition.database();
  const rows = await Promise.all(
    (['images', 'image_variants', 'image_facts'] as const).map((view) =>
      database.query('storage_reader', view),
    ),
  );
  return { blobs, rows };
}

describe('the routes of the sandbox', () => {
  test('say that there are no candidates where none is deployed, and how large a photo may be', async () => {
    const { status, body } = await stack.ask('GET', '/sandbox');
    expect([status, body]).toEqual([
      200,
      { candidates: [], problem: null, maxBytes: sandboxLimits.maxPhotoBytes },
    ]);
  });

  test('show each variant of a photo with its picture and its time, each fact with its value, and keep nothing', async () => {
    const before = await everythingKept();
    const photo = await jpegPhoto(900, 600);
    const { image, rows } = await tried(photo);
    expect(image).toEqual({ contentType: 'image/jpeg', width: 900, height: 600, bytes: photo.byteLength });
    const processors = await loadProcessors();
    const variants = rows.filter(({ kind }) => kind === 'variant');
    expect(variants.map(({ name }) => name).sort()).toEqual(processors.flatMap((one) => one.variants).sort());
    for (const { released, outcome } of variants) {
      const picture = await sharp(Buffer.from(released!.picture!, 'base64')).metadata();
      expect(released).toMatchObject({
        width: picture.width,
        height: picture.height,
        milliseconds: expect.any(Number),
      });
      expect(outcome).toBe('same');
    }
    expect(rows.find(({ name }) => name === 'dominantColour')?.released?.value).toMatch(/^#[0-9a-f]{6}$/);
    expect(await everythingKept()).toEqual(before);
  });

  test('refuse a photo without bytes and one that is too large, and tell what is no image', async () => {
    expect((await post(new Uint8Array())).status).toBe(400);
    expect((await post(new Uint8Array(sandboxLimits.maxPhotoBytes + 1))).status).toBe(413);
    const { image, rows } = await tried(Buffer.from('words that are no image at all, whatever'));
    expect([image, rows.length, rows[0]?.outcome]).toEqual([null, 1, 'fails-too']);
    expect(rows[0]?.reason).toMatch(/^unsupported-type: /);
  });

  test('answer figures of a stored image, and nothing of one that is gone', async () => {
    const shadow = async (imageId: string) => (await stack.ask('POST', '/sandbox/shadows', { imageId })).body;
    expect(await shadow(await stored(await sampleImage('png', 90, 60)))).toEqual({ skipped: null, rows: [] });
    expect(await shadow(randomUUID())).toEqual({ skipped: 'gone', rows: [] });
    const database = await composition.database();
    const rejected = await imageMaker(stack.pipeline.stores.storage, database).make('ann', 'rejected');
    expect(await shadow(rejected)).toEqual({ skipped: 'no-bytes', rows: [] });
    expect((await stack.ask('POST', '/sandbox/shadows', { imageId: 'x' })).status).toBe(422);
  });

  test('of an image whose time is up answer nothing, purged or not', async () => {
    const imageId = await stored(await sampleImage('png', 90, 60));
    stack.clock.moveClock(8 * 24 * 3_600_000);
    const { body } = await stack.ask('POST', '/sandbox/shadows', { imageId });
    stack.clock.moveClock(0);
    expect(body).toEqual({ skipped: 'gone', rows: [] });
  });
});

describe('a shadow run', () => {
  async function run(kind: string, images: readonly string[], timeoutMs = 30_000) {
    const pair = plantedPair(kind, { timeoutMs });
    const [storage, processors] = [await composition.storageReader(), await loadProcessors()];
    const { shadow } = makeSandbox({ ...pair, processors, storage });
    try {
      const rows: (Compared & { imageId: string })[] = [];
      for (const imageId of images) {
        rows.push(...(await shadow(imageId)).rows.map((row) => ({ ...row, imageId })));
      }
      return worstFirst(rows);
    } finally {
      await closePair(pair);
    }
  }

  test('shows the image first on which the candidate is worse, and changes nothing', async () => {
    const upright = [await stored(await jpegPhoto(600, 400, 1)), await stored(await jpegPhoto(400, 600, 2))];
    const wide = await stored(await jpegPhoto(900, 300, 3));
    const before = await everythingKept();
    const rows = await run('worse-on-wide', [upright[0]!, wide, upright[1]!]);
    expect(rows[0]).toMatchObject({ imageId: wide, name: 'web', outcome: 'differs' });
    expect(rows[0]!.ssim).toBeLessThan(0.8);
    const others = rows.filter(({ imageId, name }) => imageId !== wide && name === 'web');
    expect(others).toHaveLength(2);
    for (const { ssim } of others) expect(ssim).toBeGreaterThan(0.9);
    expect(await everythingKept()).toEqual(before);
  });

  test.each(['throws', 'hangs', 'eats', 'exits'])(
    'has a row with the reason where the candidate %s, and the next image of the pipeline is processed as ever',
    async (kind) => {
      const imageId = await stored(await sampleImage('png', 90, 60));
      const rows = await run(kind, [imageId], 8_000);
      expect(rows).toEqual([expect.objectContaining({ imageId, kind: 'image', outcome: 'failed' })]);
      expect(rows[0]!.reason).toMatch(/^processor-failed|^processing-(timeout|memory|crashed)/);
      const { variants } = await (await composition.processing()).process(await sampleImage('png', 90, 60));
      expect(variants.find(({ name }) => name === 'web')?.processorVersion).toBe('1');
    },
  );

  test('leaves out an image that is erased while it runs', async () => {
    const imageId = await stored(await sampleImage('png', 90, 60));
    await blobService(stack.pipeline.stores.storage).getContainerClient(containers.raw).deleteBlob(imageId);
    expect(await run('equal', [imageId])).toEqual([]);
  });

  test('that others wait for is refused when too many do', async () => {
    const pair = plantedPair('equal');
    const storage = await composition.storageReader();
    const { tryPhoto } = makeSandbox({ ...pair, processors: await loadProcessors(), storage });
    const photo = await sampleImage('png', 90, 60);
    const send = () =>
      tryPhoto(
        (async function* () {
          yield await Promise.resolve(photo);
        })(),
      );
    const all = await Promise.allSettled(Array.from({ length: sandboxLimits.waiting + 3 }, send));
    await closePair(pair);
    const refused = all.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { code: 'unavailable' } });
  });
});
