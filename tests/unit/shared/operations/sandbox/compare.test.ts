import { afterEach, describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import {
  compareRuns,
  runBoth,
  type Compared,
  type Pair,
} from '../../../../../shared/operations/sandbox/compare.ts';
import { jpegPhoto } from '../../../../support/photos.ts';
import { closePair, plantedPair } from '../../../../support/sandbox.ts';
import { sampleImage } from '../../../../support/sample-images.ts';

/** Workers start slowly where everything runs at once. */
jest.setTimeout(120_000);

let pair: Pair | undefined;
afterEach(async () => {
  if (pair) await closePair(pair);
});

async function compared(kind: string, photo: Uint8Array, options: Parameters<typeof plantedPair>[1] = {}) {
  pair = plantedPair(kind, options);
  const runs = await runBoth(pair, photo);
  return { runs, rows: await compareRuns(pair.released, runs) };
}
const row = (rows: readonly Compared[], name: string | null): Compared =>
  rows.find((one) => one.name === name)!;

describe('a candidate beside the released version', () => {
  test('is compared by what both make: size, bytes, time, likeness and facts', async () => {
    const { rows } = await compared('smaller', await jpegPhoto(900, 600));
    const web = row(rows, 'web');
    expect(web).toMatchObject({ kind: 'variant', processor: 'web', outcome: 'differs', reason: null });
    expect([web.released?.version, web.candidate?.version]).toEqual(['1', '2']);
    expect(web.released).toMatchObject({ width: 900, height: 600, contentType: 'image/jpeg' });
    expect(web.candidate!.bytes!).toBeLessThan(web.released!.bytes!);
    expect(web.ssim).toBeGreaterThan(0.8);
    expect(web.ssim).toBeLessThan(1);
    for (const side of [web.released, web.candidate]) expect(side?.milliseconds).toBeGreaterThan(0);
    expect(row(rows, 'thumbnail')).toMatchObject({ outcome: 'same', ssim: 1 });
    expect(row(rows, 'blurhash')).toMatchObject({ kind: 'fact', outcome: 'same', ssim: null });
  });

  test('that makes the same bytes is the same', async () => {
    const { rows } = await compared('equal', await jpegPhoto(300, 200));
    expect(rows.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'same'));
    expect(row(rows, 'web').candidate?.version).toBe('2');
  });

  test.each([
    ['a photo', () => jpegPhoto(600, 400)],
    [
      'a picture of few pixels',
      () =>
        sharp({ create: { width: 40, height: 3, channels: 3, background: '#c03010' } })
          .png()
          .toBuffer(),
    ],
  ])('with wrong colours of equal brightness is not alike: %s', async (_, photo) => {
    const { rows } = await compared('other-colours', await photo());
    expect(row(rows, 'web').ssim).toBeLessThan(0.9);
  });

  test('that leaves a variant out lets it be missing', async () => {
    const { rows } = await compared('makes-nothing', await jpegPhoto(300, 200));
    expect(row(rows, 'web')).toMatchObject({ outcome: 'missing', candidate: null, ssim: null });
  });

  test.each([
    ['throws', 'processor-failed: The processor web 2 failed: It was never tried.'],
    ['exits', 'processing-crashed'],
    ['eats', 'processing-memory'],
    ['huge', 'processor-failed: All variants have 346'],
    [
      'is-none',
      'processor-failed: The candidates cannot be loaded: shared/images/process/candidates/web.ts is not a processor',
    ],
  ])('that %s fails with its reason, and the released version stands', async (kind, reason) => {
    const { runs, rows } = await compared(kind, await jpegPhoto(300, 200));
    const [first, ...others] = rows;
    expect(first).toMatchObject({ kind: 'image', name: null, outcome: 'failed' });
    expect(first!.reason!.slice(0, reason.length)).toBe(reason);
    expect(others.map(({ outcome }) => outcome)).toEqual(others.map(() => 'missing'));
    expect(runs.released).toHaveProperty('made.variants.length', 3);
  });

  test('that hangs is ended at the time that an image has', async () => {
    const { rows } = await compared('hangs', await jpegPhoto(300, 200), { timeoutMs: 8_000 });
    expect(rows[0]).toMatchObject({
      outcome: 'failed',
      reason: 'processing-timeout: Processing the image took longer than 8000 ms.',
    });
  });

  test('whose variant is no picture fails for this variant', async () => {
    const { rows } = await compared('no-picture', await jpegPhoto(300, 200));
    expect(row(rows, 'web')).toMatchObject({ outcome: 'failed', ssim: null });
    expect(row(rows, 'web').reason).toMatch(/^unsupported-type: /);
    expect(row(rows, 'preview').outcome).toBe('same');
  });

  test('is not blamed for a file that no version takes', async () => {
    const { rows } = await compared('equal', Buffer.from('words that are no image at all, whatever'));
    expect(rows).toEqual([expect.objectContaining({ kind: 'image', outcome: 'fails-too' })]);
  });

  test('sees every type as the released version does', async () => {
    const both = (pair = plantedPair('equal'));
    for (const format of ['png', 'webp', 'avif'] as const) {
      const runs = await runBoth(both, await sampleImage(format, 60, 40));
      const rows = await compareRuns(both.released, runs);
      expect([format, new Set(rows.map(({ outcome }) => outcome))]).toEqual([format, new Set(['same'])]);
    }
  });
});
