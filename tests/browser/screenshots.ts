/** `npm run screenshots`: every page, by day and by night, wide and at 360 px, into screenshots/ (ignored), to be looked at. */
import { mkdirSync } from 'node:fs';
import { startTestStack, type TestStack } from '../pipeline/support/stack.ts';
import { sampleImage } from '../support/sample-images.ts';
import { launchChromium } from './support/chromium.ts';
import { places } from './support/places.ts';
import { visit } from './support/visit.ts';

const folder = 'screenshots';
const widths = { wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 780 } } as const;

/** A gallery with something in it. */
async function uploadSamples(stack: TestStack): Promise<void> {
  for (let seed = 1; seed <= 8; seed += 1) {
    const body = new Uint8Array(await sampleImage('jpeg', 640, 480, seed));
    const headers = { 'content-type': 'image/jpeg' };
    const response = await stack.call('uploader', '/images', { method: 'POST', headers, body });
    const { images } = (await response.json()) as { images: { id: string }[] };
    await stack.outcome(images[0]!.id);
  }
}

mkdirSync(folder, { recursive: true });
const stack = await startTestStack();
const browser = await launchChromium();
try {
  await uploadSamples(stack);
  for (const place of places) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [width, viewport] of Object.entries(widths)) {
        const options = { colorScheme, viewport };
        const { page, context } = await visit(
          browser,
          stack.endpoints.api,
          place.persona,
          place.path,
          options,
        );
        await page.locator(place.shows).first().waitFor();
        await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
        await page.screenshot({
          path: `${folder}/${place.name}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await stack.stop();
}
