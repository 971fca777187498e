/**
 * `npm run screenshots [-- NAME…]`: every page and state by day and by night, wide and at 360 px, into screenshots/
 * (ignored), to be looked at. `-- --readme` writes those of the README anew.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { startTestStack } from '../pipeline/support/stack.ts';
import { launchChromium } from './support/chromium.ts';
import { setScene } from './support/scene.ts';
import { shotsOf, type Shot } from './support/shots.ts';
import { signIn } from './support/visit.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean', default: false } },
});

const folder = values.readme ? 'docs/images' : 'screenshots';
const widths = { wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 780 } } as const;
const schemes = ['light', 'dark'] as const;
const inReadme = ['images', 'packing', 'figures'];

/** A browser profile that looks at the shot and did what it asks for. */
async function open(browser: Browser, base: string, shot: Shot): Promise<Page> {
  const scale = values.readme ? { deviceScaleFactor: 1.5, viewport: { width: 1200, height: 760 } } : {};
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Copenhagen', ...scale });
  const page = await context.newPage();
  if (shot.unreachable) await page.route('**/api/**', (route) => route.abort());
  if (shot.waiting) await page.route('**/api/**', () => undefined);
  await page.goto(base + shot.path);
  if (shot.persona) await signIn(page, shot.persona);
  await page.locator(shot.shows).first().waitFor();
  await shot.act?.(page);
  if (!shot.waiting) await page.waitForLoadState('networkidle', { timeout: 2000 }).catch(() => undefined);
  return page;
}

/** Charts and layouts settle after a change of the window. */
const settle = (page: Page) => page.waitForTimeout(250);

/** What stays in its place while the rest scrolls would be drawn in the middle of a whole page. */
const isWhole = async (page: Page): Promise<boolean> =>
  (await page.locator('dialog[open], .foot > *, .toast').count()) === 0;

async function take(page: Page, { name }: Shot): Promise<void> {
  const fullPage = await isWhole(page);
  for (const [width, viewport] of Object.entries(widths)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage });
    }
  }
}

async function takeForReadme(page: Page, { name }: Shot): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    await settle(page);
    const picture = sharp(await page.screenshot());
    await picture.webp({ quality: 82 }).toFile(`${folder}/console-${name}-${colorScheme}.webp`);
  }
}

mkdirSync(folder, { recursive: true });
const stack = await startTestStack();
const browser = await launchChromium();
try {
  const wanted = values.readme ? inReadme : positionals;
  const shots = shotsOf(await setScene(stack)).filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  );
  for (const shot of shots) {
    const page = await open(browser, stack.endpoints.api, shot);
    await (values.readme ? takeForReadme : take)(page, shot);
    await page.context().close();
  }
} finally {
  await browser.close();
  await stack.stop();
}
