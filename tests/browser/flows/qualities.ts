import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from '@jest/globals';
import type { GivenNow } from '../support/given.ts';
import { places } from '../support/places.ts';
import { signIn, visit } from '../support/visit.ts';

/** What holds for every page. */
export function qualitiesFlow(given: GivenNow): void {
  describe('every page', () => {
    test.each(places)('axe finds nothing serious on $name, by day and by night', async (place) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { stack, browser } = given();
        const { page, context } = await visit(browser, stack.endpoints.api, place.persona, place.path, {
          colorScheme,
        });
        await page.locator(place.shows).first().waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          grave.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
        ).toEqual([]);
        await context.close();
      }
    });

    test.each(places)('$name needs no sideways scrolling at 360 px', async (place) => {
      const { stack, browser } = given();
      const { page, context } = await visit(browser, stack.endpoints.api, place.persona, place.path, {
        viewport: { width: 360, height: 780 },
      });
      await page.locator(place.shows).first().waitFor();
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBeLessThanOrEqual(0);
      await context.close();
    });
  });

  describe('signing in', () => {
    test('offers only the pages that the roles allow, and says so at any other', async () => {
      const { stack, browser } = given();
      const { page, context } = await visit(browser, stack.endpoints.api, 'sales', '/logistics');
      await page.getByText('Your roles do not include this page').waitFor();
      expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()).toEqual(
        ['Products'],
      );
      await context.close();
    });

    test('keeps the session through a reload, and ends it at sign-out', async () => {
      const { stack, browser } = given();
      const { page, context } = await visit(browser, stack.endpoints.api, 'uploader', '/');
      await page.reload();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await page.goto(`${stack.endpoints.api}/images`);
      await signIn(page, 'uploader2');
      await page.getByText('Omar Haddad').waitFor();
      expect(new URL(page.url()).pathname).toBe('/images');
      await context.close();
    });
  });
}
