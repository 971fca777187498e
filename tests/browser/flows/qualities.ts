import { afterAll, describe, expect, test } from '@jest/globals';
import { expectAccessible, sidewaysOverflow } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { places, type Place } from '../support/places.ts';
import { visit, type Persona, type Visit } from '../support/visit.ts';

/** What holds for every page. */
export function qualitiesFlow(given: GivenNow): void {
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

  describe('every page', () => {
    afterAll(() => Promise.all([...visits.values()].map(({ context }) => context.close())));

    test.each(places)('axe finds nothing serious on $name, by day and by night', async (place) => {
      await expectAccessible(await goTo(place));
    });

    test.each(places)('$name needs no sideways scrolling at 360 px', async (place) => {
      await visits.get(place.persona)?.page.setViewportSize({ width: 360, height: 780 });
      expect(await sidewaysOverflow(await goTo(place))).toBeLessThanOrEqual(0);
    });

    test('asks nothing of a third host', () => {
      const { api, identity } = given().stack.endpoints;
      const hosts = new Set([...visits.values()].flatMap((one) => [...one.hosts]));
      expect([...hosts].toSorted()).toEqual([api, identity].map((url) => new URL(url).host).toSorted());
    });
  });

  test('the page comes with a strict CSP and holds nothing inline', async () => {
    const response = await fetch(given().stack.endpoints.api);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).not.toMatch(/unsafe-|\*/);
    const source = await response.text();
    expect(source).toContain('<script type="module"');
    expect(source.match(/<script(?![^>]*\ssrc=)|<style|\s(?:style|on[a-z]+)=/g)).toBeNull();
  });

  test("times are the viewer's, with UTC on hover, and numbers are written as the viewer writes them", async () => {
    const { stack, browser } = given();
    const options = { locale: 'de-DE', timezoneId: 'America/New_York' };
    const { page, context } = await visit(browser, stack.endpoints.api, 'logistics', '/logistics', options);
    const time = page.locator('table.orders time').first();
    const at = new Date((await time.getAttribute('datetime'))!);
    const clock = new Intl.DateTimeFormat('de-DE', { timeStyle: 'medium', timeZone: 'America/New_York' });
    expect(await time.innerText()).toBe(clock.format(at));
    expect(await time.getAttribute('title')).toBe(`${at.toISOString().replace(/[TZ]/g, ' ').trim()} UTC`);
    expect(await page.locator('table.orders td.weight').first().innerText()).toMatch(/^[\d.]+,\d{3} kg$/);
    await context.close();
  });
}
