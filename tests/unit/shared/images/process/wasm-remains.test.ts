import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { decodeHeif } from '../../../../../shared/images/process/engine/sources/heic-decoder.ts';

const fixture = (name: string) => readFile(new URL(`../../../../fixtures/images/${name}`, import.meta.url));

test('a damaged HEIC is never filled in with the images before it, whatever these were', async () => {
  const [photo, other] = [await fixture('photo.heic'), await fixture('display-p3.heic')];
  const damaged = Buffer.from(photo);
  // This bit ends the picture early, in a way that is none of the errors that the decoder knows: it leaves memory as it was.
  damaged[photo.indexOf('mdat') + 86]! ^= 64;
  const refused = () =>
    expect(decodeHeif(damaged, 8, undefined)).rejects.toMatchObject({ code: 'image-corrupt' });
  await refused();
  for (const before of [other, photo]) {
    await decodeHeif(before, 8, undefined);
    await refused();
  }
});
