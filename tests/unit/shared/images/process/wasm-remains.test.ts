import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { decodeHeif } from '../../../../../shared/images/process/engine/sources/heic-decoder.ts';

const fixture = (name: string) => readFile(new URL(`../../../../fixtures/images/${name}`, import.meta.url));

test('a damaged HEIC shows nothing of the images before it, whatever these were', async () => {
  const [photo, other] = [await fixture('photo.heic'), await fixture('display-p3.heic')];
  const damaged = Buffer.from(photo);
  // In the coded picture: the decoder reads on with what is wrong, and fills in what it has.
  const middle = Math.floor(photo.length / 2);
  damaged.set(
    photo.subarray(middle, middle + 6).map((byte) => byte ^ 0xff),
    middle,
  );
  const decode = async () => (await decodeHeif(damaged, 8, undefined)).tiff;
  const first = await decode();
  await decodeHeif(other, 8, undefined);
  expect(first.equals(await decode())).toBe(true);
  await decodeHeif(photo, 8, undefined);
  expect(first.equals(await decode())).toBe(true);
});
