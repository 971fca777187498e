import { readFile } from 'node:fs/promises';
import { Jimp } from 'jimp';
import sharp from 'sharp';
import { chooseEngine } from '../../shared/images/process/engine/choose.ts';
import { inMemory } from '../../shared/images/process/file/in-memory.ts';
import { inspect } from '../../shared/images/process/inspect.ts';
import type { Processor } from '../../shared/images/process/ports.ts';
import { loadProcessors } from '../../shared/images/process/registry.ts';
import { runProcessors } from '../../shared/images/process/run-processors.ts';
import { jpegPhoto, pngCutOut } from '../support/photos.ts';
import type { Bench, Case } from './harness/bench.ts';

const limits = { maxPixels: 50_000_000, timeoutMs: 60_000, memoryMb: 512 };
const quality = 80;
const side = 720;

/** A processor as people write them, against jimp's API. */
const fit = (contentType: 'image/jpeg' | 'image/png'): Processor => ({
  name: 'bench',
  version: '1',
  variants: ['bench'],
  needs: { width: side, height: side, fit: 'inside' },
  process: (image) => ({
    variants: [{ name: 'bench', image: image.scaleToFit({ w: side, h: side }), contentType, quality }],
  }),
});

/** What sharp needs for the whole standard set, called once for each variant and fact. */
async function sharpPerVariant(file: Buffer): Promise<void> {
  const inside = (edge: number) =>
    sharp(file).autoOrient().resize(edge, edge, { fit: 'inside', withoutEnlargement: true });
  await inside(1600).jpeg({ quality }).toBuffer();
  await inside(720).jpeg({ quality }).toBuffer();
  await sharp(file).autoOrient().resize(160, 160, { fit: 'cover' }).jpeg({ quality }).toBuffer();
  await inside(32).ensureAlpha().raw().toBuffer();
  await inside(32).ensureAlpha().raw().toBuffer();
}

const stockJimp = async (file: Buffer, type: 'image/jpeg' | 'image/png'): Promise<void> => {
  const image = await Jimp.fromBuffer(file);
  image.scaleToFit({ w: side, h: side });
  await (type === 'image/jpeg' ? image.getBuffer(type, { quality }) : image.getBuffer(type));
};

const sharpAlone = (file: Buffer, type: 'image/jpeg' | 'image/png'): Promise<Buffer> => {
  const scaled = sharp(file).resize(side, side, { fit: 'inside' });
  return (type === 'image/jpeg' ? scaled.jpeg({ quality }) : scaled.png()).toBuffer();
};

async function cases({ image }: { image: string | undefined }): Promise<Case[]> {
  const engine = await chooseEngine('native', limits);
  const standard = await loadProcessors();
  const given = image === undefined ? undefined : await readFile(image);
  const isPng = given !== undefined && inspect(inMemory(given), limits).contentType === 'image/png';
  const jpeg = given && !isPng ? given : await jpegPhoto(2725, 2225);
  const png = given && isPng ? given : await pngCutOut(2048, 1536);
  const darkroom = async (processors: readonly Processor[], file: Buffer): Promise<void> => {
    await runProcessors(engine, processors, inMemory(file), inspect(inMemory(file), limits));
  };
  const against = [
    ['darkroom', 'jimp'],
    ['darkroom', 'sharp'],
  ] as const;
  const one = (name: string, file: Buffer, type: 'image/jpeg' | 'image/png'): Case => ({
    name,
    unit: 'ms',
    compare: against,
    contenders: {
      darkroom: () => darkroom([fit(type)], file),
      sharp: () => sharpAlone(file, type),
      jimp: () => stockJimp(file, type),
    },
  });
  return [
    one('JPEG to 720 px, one thread', jpeg, 'image/jpeg'),
    {
      name: 'standard set from a JPEG, one thread',
      unit: 'ms',
      compare: [['darkroom', 'sharp once per variant']],
      contenders: {
        darkroom: () => darkroom(standard, jpeg),
        'sharp once per variant': () => sharpPerVariant(jpeg),
      },
    },
    one('PNG with alpha to 720 px, one thread', png, 'image/png'),
  ];
}

export default {
  about: 'processing one image: against stock jimp, against sharp alone, against sharp once per variant',
  // One thread of libuv's pool, so that none of the contenders works on two cores at once.
  environment: { UV_THREADPOOL_SIZE: '1' },
  cases,
} satisfies Bench;
