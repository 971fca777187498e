import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { chooseEngine } from '../../../../../shared/images/process/engine/choose.ts';
import { inMemory } from '../../../../../shared/images/process/file/in-memory.ts';
import { inspect } from '../../../../../shared/images/process/inspect.ts';
import { cutOutPixels } from '../../../../support/photos.ts';

const limits = { maxPixels: 1e6, timeoutMs: 30_000, memoryMb: 512 };

/** libheif answers zeros where it is asked for 16 bits with alpha. */
test.each(['alpha.heic', 'alpha-10-bits.heic'])('%s has its colours and its transparency', async (name) => {
  const file = inMemory(await readFile(new URL(`../../../../fixtures/images/${name}`, import.meta.url)));
  const image = await (await chooseEngine('native', limits)).open(file, inspect(file, limits));
  const { picture } = await image.decode(image);
  const wanted = await cutOutPixels(320, 200, 3);
  expect(picture).toMatchObject({ width: 320, height: 200, channels: 4 });
  let [colours, alpha, seen] = [0, 0, 0];
  for (let at = 0; at < wanted.data.length; at += 4) {
    alpha += Math.abs(picture.data[at + 3]! - wanted.data[at + 3]!);
    if (wanted.data[at + 3] !== 255) continue;
    seen += 3;
    for (let channel = at; channel < at + 3; channel++)
      colours += Math.abs(picture.data[channel]! - wanted.data[channel]!);
  }
  expect(colours / seen).toBeLessThan(6);
  expect(alpha / (320 * 200)).toBeLessThan(3);
});
