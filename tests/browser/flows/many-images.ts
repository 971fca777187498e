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

    describe('is found as it was left, with its filter and its place', () => {
      let href = '';
      const shown = (name: string) => visitor.page.getByRole('heading', { name });
      const top = async () => {
        const link = visitor.page.locator(`a[href="${href}"]`);
        return (await link.count()) === 1 ? (await link.boundingBox())?.y : undefined;
      };

      /** Of the link nearest to the middle of the window, which may itself be between two. */
      const middle = `(() => {
        const far = (one) => {
          const { left, top, width, height } = one.getBoundingClientRect();
          return Math.hypot(left + width / 2 - innerWidth / 2, top + height / 2 - innerHeight / 2);
        };
        const links = [...document.querySelectorAll('.grid-item a[href]')].sort((one, other) => far(one) - far(other));
        // Those of the place before are there for a moment longer.
        return links[0] && far(links[0]) < 250 ? links[0].getAttribute('href') : undefined;
      })()`;

      /** Opens the one in the middle of the window, and says where that was. */
      const openMiddle = async () => {
        const { page } = visitor;
        href = await eventually(() => page.evaluate<string | undefined>(middle));
        const before = (await top())!;
        await page.locator(`a[href="${href}"]`).click();
        await page.getByRole('dialog').getByRole('link', { name: 'Details' }).click();
        await shown(`Image ${href.split('/').at(-1)!.slice(0, 8)}`).waitFor();
        return before;
      };

      beforeAll(async () => {
        const { page } = visitor;
        await page.evaluate('scrollTo(0, 0)');
        await page.getByLabel('Show').selectOption('processed');
        await eventually(async () => ((await summary()) === '100 images, more below' ? true : undefined));
        await eventually(async () => {
          await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
          return Number((await summary()).replaceAll(/\D/g, '')) >= 500 ? true : undefined;
        });
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight * 0.6)');
      });
      afterAll(() => visitor.page.getByLabel('Show').selectOption(''));

      const ways: Record<string, (page: Visit['page']) => Promise<unknown>> = {
        'by its link': (page) => page.getByRole('link', { name: 'All images' }).click(),
        'by the browser’s own way back': (page) => page.goBack(),
        'after the image’s page was loaded again': async (page) => {
          await page.reload();
          await page.getByRole('link', { name: 'All images' }).click();
        },
      };
      test.each(Object.keys(ways))('after a look at an image, %s', async (way) => {
        const before = await openMiddle();
        await ways[way]!(visitor.page);
        await eventually(
          async () => {
            const now = await top();
            return now !== undefined && Math.abs(now - before) < 2 ? true : undefined;
          },
          { within: 20_000, every: 100 },
        );
        expect(new URL(visitor.page.url()).search).toBe('?status=processed');
        expect(await visitor.page.getByLabel('Show').inputValue()).toBe('processed');
      });

      test('and from its top by a link to it', async () => {
        const { page } = visitor;
        await openMiddle();
        await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Images' }).click();
        await shown('Images').waitFor();
        await eventually(async () => ((await summary()) === '100 images, more below' ? true : undefined));
        expect(await page.evaluate('scrollY')).toBe(0);
        expect(new URL(page.url()).search).toBe('');
      });
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
