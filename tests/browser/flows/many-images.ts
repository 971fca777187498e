import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { GivenNow } from '../support/given.ts';
import { insertImages, removeImages } from '../support/many-images.ts';
import { visit, type Visit } from '../support/visit.ts';

const count = 3000;

/** A gallery of thousands. */
export function manyImagesFlow(given: GivenNow): void {
  describe('a gallery of thousands', () => {
    let visitor: Visit;
    const tiles = () => visitor.page.locator('.grid-item');
    const summary = () => visitor.page.locator('.gallery-count').innerText();

    beforeAll(async () => {
      await insertImages(given().stack, 'uploader2', count);
      visitor = await visit(given().browser, given().stack.endpoints.api, 'uploader2', '/images');
      await tiles().first().waitFor();
    });
    afterAll(async () => {
      await visitor.context.close();
      await removeImages(given().stack, 'uploader2');
    });

    test('reads page after page as it is scrolled, and holds only what is in sight', async () => {
      const { page } = visitor;
      const held: number[] = [];
      expect(await summary()).toBe('100 images, more below');
      await eventually(async () => {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        held.push(await tiles().count());
        return (await summary()).endsWith('more below') ? undefined : true;
      });
      expect(Number((await summary()).replaceAll(/\D/g, ''))).toBeGreaterThanOrEqual(count);
      expect(Math.max(...held)).toBeLessThan(100);
      // What was read last is drawn a moment later.
      const [place, of] = await eventually(async () => {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        const last = tiles().last();
        const both = [await last.getAttribute('aria-posinset'), await last.getAttribute('aria-setsize')];
        return both[0] === both[1] ? both : undefined;
      });
      expect(place).toBe(of);
      expect(Number(of)).toBeGreaterThanOrEqual(count);
    });

    test('shows no empty place at the top, in the middle or at the end', async () => {
      const { page } = visitor;
      for (const part of [0, 0.33, 0.5, 0.77, 1]) {
        await page.evaluate(`scrollTo(0, document.documentElement.scrollHeight * ${part})`);
        await eventually(async () => {
          const inSight = await page.evaluate(
            "document.elementsFromPoint(innerWidth / 2, innerHeight / 2).some((one) => one.closest('.grid-item, .drop-zone, .gallery'))",
          );
          return inSight === true && (await tiles().count()) > 10 ? true : undefined;
        });
      }
    });
  });
}
