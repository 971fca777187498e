import sharp, { type Sharp } from 'sharp';
import { createProcessing } from '../../shared/images/process/pool.ts';
import type { Processing } from '../../shared/images/process/ports.ts';
import { missingChromium } from '../browser/support/chromium.ts';
import { openChromiumPictures, type ChromiumPictures } from '../support/fidelity/chromium-pictures.ts';
import { difference, pixelsOf, type Difference } from '../support/fidelity/difference.ts';
import { imageMagick } from '../support/fidelity/image-magick.ts';
import type { Pixels } from '../support/fidelity/pixels.ts';
import { imageCases, photo } from '../support/image-cases.ts';
import { processingLimits } from '../support/processing-limits.ts';
import type { Bench, Case } from './harness/bench.ts';

interface Picture {
  readonly kind: string;
  readonly file: () => Promise<Buffer>;
  /** What the file holds, where that is known. */
  readonly shows?: () => Promise<Sharp>;
}

interface Row extends Difference {
  readonly kind: string;
  readonly reference: string;
}

/** Why a picture is in no figure. */
interface Left {
  readonly kind: string;
  readonly because: string;
}

/** The longer side of a preview: what shows a file scales no further, for its way of scaling is not what is compared. */
const previewSide = 720;
/** Small, so that colours and places count and not the noise of a second JPEG. */
const comparedSide = 80;
const worst = 10;
const allowed = 3;

const inks = async () => (await photo()).withIccProfile('cmyk');
const pictures: readonly Picture[] = [
  ...imageCases
    .filter(({ becomes }) => typeof becomes !== 'string')
    .map((each) => ({ shows: photo, ...each })),
  { kind: 'CMYK JPEG with a profile', file: async () => (await inks()).jpeg({ quality: 90 }).toBuffer() },
  {
    kind: 'CMYK JPEG without a profile',
    file: async () => (await photo()).toColourspace('cmyk').jpeg({ quality: 90 }).toBuffer(),
  },
];

interface Reference {
  readonly name: string;
  readonly pixels: Pixels;
}

function small({ data, width, height }: Pixels): Promise<Pixels> {
  const factor = Math.min(1, comparedSide / Math.max(width, height));
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * factor)));
  const png = sharp(data, { raw: { width, height, channels: 4 } }).png({ compressionLevel: 1 });
  return png.toBuffer().then((file) => pixelsOf(file, { width: across!, height: down! }));
}

/** Chromium, else ImageMagick; one that shows something else than the file holds is told and passed over. */
async function reference(
  chromium: ChromiumPictures,
  { file, type, shows }: { file: Buffer; type: string; shows: Picture['shows'] },
): Promise<Reference | string> {
  const held = shows && (await (await shows()).png().toBuffer());
  const passed: string[] = [];
  const readers = {
    Chromium: () => chromium.decode(file, type, previewSide),
    ImageMagick: () => imageMagick(file, type.slice('image/'.length), previewSide),
  };
  for (const [name, read] of Object.entries(readers)) {
    const shown = await read();
    const pixels = shown && (await small(shown.pixels));
    const off = pixels && held ? difference(pixels, await pixelsOf(held, pixels)).deltaE : 0;
    if (pixels && off <= allowed) return { name, pixels };
    passed.push(`${name} ${pixels ? `is off by ${off.toFixed(1)} itself` : 'shows nothing'}`);
  }
  return passed.join(', ');
}

async function compared(
  processing: Processing,
  chromium: ChromiumPictures,
  { kind, file, shows }: Picture,
): Promise<Row | Left> {
  const bytes = await file();
  const { header, variants } = await processing.process(Uint8Array.from(bytes));
  const shown = await reference(chromium, { file: bytes, type: header.contentType, shows });
  if (typeof shown === 'string') return { kind, because: shown };
  const preview = variants.find(({ name }) => name === 'preview')!;
  const { name, pixels } = shown;
  return { kind, reference: name, ...difference(await pixelsOf(preview.bytes, pixels), pixels) };
}

async function rows(): Promise<(Row | Left)[]> {
  if (missingChromium !== undefined) throw new Error(missingChromium);
  const [processing, chromium] = await Promise.all([
    createProcessing(processingLimits),
    openChromiumPictures(),
  ]);
  try {
    const found: (Row | Left)[] = [];
    for (const each of pictures) found.push(await compared(processing, chromium, each));
    return found;
  } finally {
    await Promise.all([processing.close(), chromium.close()]);
  }
}

function print(found: readonly Row[], left: readonly Left[]): void {
  console.error(`\nthe worst ${worst} of ${found.length}: mean ΔE (CIE76), SSIM, reference`);
  for (const { kind, reference: by, deltaE, ssim } of found.slice(0, worst)) {
    console.error(`  ${deltaE.toFixed(2).padStart(6)}  ${ssim.toFixed(3)}  ${by.padEnd(12)}${kind}`);
  }
  const refused = imageCases.length + 2 - pictures.length;
  console.error(
    `\nnot compared: ${refused} that are refused on purpose, and ${left.length} that no reference shows right`,
  );
  for (const { kind, because } of left) console.error(`  ${kind}: ${because}`);
}

async function cases(): Promise<Case[]> {
  const all = await rows();
  const found = all.filter((each) => 'deltaE' in each).toSorted((a, b) => b.deltaE - a.deltaE);
  print(
    found,
    all.filter((each) => 'because' in each),
  );
  const mean = found.reduce((sum, { deltaE }) => sum + deltaE, 0) / found.length;
  const figure = (name: string, value: number): Case => ({
    name: `${name} ΔE of previews from what Chromium or ImageMagick shows, against the ${allowed} that is allowed`,
    ...{ unit: 'growth', runs: 1, warmUps: 0, compare: [['previews', 'allowed']] },
    contenders: { previews: () => Promise.resolve(value), allowed: () => Promise.resolve(allowed) },
  });
  return [figure('mean', mean), figure('largest', found[0]!.deltaE)];
}

export default {
  about:
    'previews of every kind of image against what Chromium (or ImageMagick) shows: ΔE, SSIM, the worst ten',
  cases,
} satisfies Bench;
