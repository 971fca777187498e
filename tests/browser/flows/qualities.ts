import { beforeAll, describe, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { sampleImage } from '../../support/sample-images.ts';
import type { GivenNow } from '../support/given.ts';
import { expectStill } from '../support/expect-still.ts';
import { lookAt, type Look, type Width } from '../support/look.ts';
import { places, type Place } from '../support/places.ts';
import { askedHosts, visit } from '../support/visit.ts';

const image: Place = { name: 'image', persona: 'uploader', path: '/images/:id', shows: '.timeline' };
const looked = [...places, image];
const widths = ['wide', 'narrow'] as const;
const cases = looked.flatMap((place) => widths.map((width) => ({ ...place, width })));

/** What holds for every page. */
export function qualitiesFlow(given: GivenNow): void {
  describe('every page', () => {
    const looks = new Map<string, Promise<Look>>();
    const look = ({ name }: Place, width: Width) => looks.get(`${name} ${width}`)!;

    // Most of the time is waiting for answers that are late, so several pages wait at once.
    beforeAll(async () => {
      const { stack } = given();
      const response = await stack.call('uploader', '/images', {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg' },
        body: new Uint8Array(await sampleImage('jpeg', 1200, 900, 7)),
      });
      const { images } = (await response.json()) as { images: { id: string }[] };
      await stack.outcome(images[0]!.id);
      const limit = pLimit(4);
      for (const { width, ...place } of cases) {
        const path = place.path.replace(':id', images[0]!.id);
        const running = limit(() => lookAt(given(), { ...place, path }, width));
        running.catch(() => undefined);
        looks.set(`${place.name} ${width}`, running);
      }
    });

    test.each(looked)('axe finds nothing serious on $name, by day and by night', async (place) => {
      expect((await look(place, 'wide')).issues).toEqual([]);
    });

    test.each(looked)('$name needs no sideways scrolling at 360 px', async (place) => {
      expect((await look(place, 'narrow')).overflow).toBeLessThanOrEqual(0);
    });

    test.each(cases)('$name does not jump while it loads and is read again, $width', async (one) => {
      const { loading, refreshing } = await look(one, one.width);
      expectStill(loading);
      expectStill(refreshing);
    });

    test('asks nothing of a third host', () => {
      const { api, identity } = given().stack.endpoints;
      expect([...askedHosts(api)].toSorted()).toEqual(
        [api, identity].map((url) => new URL(url).host).toSorted(),
      );
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
