import { createProcessing } from '../../shared/images/process/pool.ts';
import { chromiumPath, withoutChromium } from '../browser/support/chromium.ts';
import {
  openChromiumPictures,
  type ChromiumPictures,
  type Shown,
} from '../support/fidelity/chromium-pictures.ts';
import { difference, pixelsOf } from '../support/fidelity/difference.ts';
import { imageMagick } from '../support/fidelity/image-magick.ts';
import { imageCases } from '../support/image-cases.ts';
import { processingLimits } from '../support/processing-limits.ts';
import type { Bench, Case } from './harness/bench.ts';

interface Row {
  readonly kind: string;
  readonly reference: string;
  readonly deltaE: number;
  readonly ssim: number;
}

/** Small, so that colours and places count and not the noise of a second JPEG. */
const comparedSide = 80;
const worst = 10;

/** What shows the picture: Chromium, else ImageMagick. */
async function reference(
  chromium: ChromiumPictures,
  file: Uint8Array,
  type: string,
): Promise<[string, Shown] | undefined> {
  const shown = await chromium.decode(file, type, comparedSide);
  if (shown) return ['Chromium', shown];
  const read = await imageMagick(file, type.slice('image/'.length), comparedSide);
  return read && ['ImageMagick', read];
}

async function rows(): Promise<Row[]> {
  if (chromiumPath === undefined) throw new Error(withoutChromium);
  const [processing, chromium] = await Promise.all([
    createProcessing(processingLimits),
    openChromiumPictures(),
  ]);
  const found: Row[] = [];
  try {
    for (const { kind, file, becomes } of imageCases) {
      if (typeof becomes === 'string') continue;
      const bytes = await file();
      const { header, variants } = await processing.process(bytes);
      const shown = await reference(chromium, bytes, header.contentType);
      if (!shown) continue;
      const [name, { pixels }] = shown;
      const preview = variants.find((variant) => variant.name === 'preview')!;
      found.push({ kind, reference: name, ...difference(await pixelsOf(preview.bytes, pixels), pixels) });
    }
  } finally {
    await Promise.all([processing.close(), chromium.close()]);
  }
  return found;
}

function print(found: readonly Row[]): void {
  const sorted = found.toSorted((a, b) => b.deltaE - a.deltaE);
  console.error(`\nthe worst ${worst} of ${found.length}: mean ΔE (CIE76), SSIM, reference`);
  for (const { kind, reference: by, deltaE, ssim } of sorted.slice(0, worst)) {
    console.error(`  ${deltaE.toFixed(2).padStart(6)}  ${ssim.toFixed(3)}  ${by.padEnd(12)}${kind}`);
  }
}

async function cases(): Promise<Case[]> {
  const found = await rows();
  print(found);
  const mean = found.reduce((sum, { deltaE }) => sum + deltaE, 0) / found.length;
  return [
    {
      name: 'mean ΔE of previews from what Chromium or ImageMagick shows, against the 3 that is allowed',
      unit: 'growth',
      runs: 1,
      warmUps: 0,
      contenders: { previews: () => Promise.resolve(mean), allowed: () => Promise.resolve(3) },
      compare: [['previews', 'allowed']],
    },
  ];
}

export default {
  about:
    'previews of every kind of image against what Chromium (or ImageMagick) shows: ΔE, SSIM, the worst ten',
  cases,
} satisfies Bench;
