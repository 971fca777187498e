import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { framesDrawn } from './frames.ts';

/** Rows of a table are all alike: these are looked at, the hundreds after them are not. */
const rowsAfterTheFirst = 'tbody > tr:nth-child(n + 5)';

/** What axe finds serious or critical. By night only colours differ, so only those are looked at again. */
export async function seriousIssues(page: Page, within = 'html'): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    // Without motion: a background that is still on its way to its colour has no contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await framesDrawn(page);
    // There are no frames of other origins, for which axe would open a page of its own each time.
    const axe = new AxeBuilder({ page }).setLegacyMode().include(within).exclude(rowsAfterTheFirst);
    if (colorScheme === 'dark') axe.withRules(['color-contrast']);
    const { violations } = await axe.analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      const texts = nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`);
      found.push(`${colorScheme} ${id}: ${texts.join(' | ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  return found;
}

export async function expectAccessible(page: Page, within?: string): Promise<void> {
  expect(await seriousIssues(page, within)).toEqual([]);
}

/** Pixels by which the page is wider than its window. */
export const sidewaysOverflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
