import { afterAll, describe, expect, test } from '@jest/globals';
import { expectAccessible, sidewaysOverflow } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { places, type Place } from '../support/places.ts';
import { signIn, visit, type Persona, type Visit } from '../support/visit.ts';

/** What holds for every page. */
export function qualitiesFlow(given: GivenNow): void {
  describe('every page', () => {
    // One visit a person: each page is gone to as from a bookmark.
    const visits = new Map<Persona, Visit>();
    const goTo = async ({ persona, path, shows }: Place) => {
      const { stack, browser } = given();
      const open = visits.get(persona) ?? (await visit(browser, stack.endpoints.api, persona, path));
      visits.set(persona, open);
      await open.page.goto(stack.endpoints.api + path);
      await open.page.locator(shows).first().waitFor();
      return open.page;
    };
    afterAll(() => Promise.all([...visits.values()].map(({ context }) => context.close())));

    test.each(places)('axe finds nothing serious on $name, by day and by night', async (place) => {
      await expectAccessible(await goTo(place));
    });

    test.each(places)('$name needs no sideways scrolling at 360 px', async (place) => {
      await visits.get(place.persona)?.page.setViewportSize({ width: 360, height: 780 });
      expect(await sidewaysOverflow(await goTo(place))).toBeLessThanOrEqual(0);
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
