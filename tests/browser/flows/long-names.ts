import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openKafkaClient } from '../../pipeline/support/kafka-client.ts';
import { eventually } from '../../support/eventually.ts';
import { sidewaysOverflow } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { places } from '../support/places.ts';
import { visit, type Persona, type Visit } from '../support/visit.ts';

/** 200 characters each, as many as a name may have: without a place to break, and from right to left. */
const names = {
  latin: 'W'.repeat(200),
  hebrew: 'תמונה גדולה (30×40) '.repeat(10),
} as const;

/** A desk, a phone, and a desk of 1280 px zoomed to 400 %. */
const windows = {
  'at 1280 px': { viewport: { width: 1280, height: 860 } },
  'at 390 px': { viewport: { width: 390, height: 780 } },
  'at 400 %': { viewport: { width: 320, height: 215 }, deviceScaleFactor: 4 },
} as const;
type Window = keyof typeof windows;

/** Names wider than their place, and tables of cards that scroll sideways. */
const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('bdi')]
    .filter((one) => one.checkVisibility()
      && one.getBoundingClientRect().width > (one.closest('.table-scroll') ?? document.body).clientWidth)
    .concat([...document.querySelectorAll('table.cards')]
      .filter(({ parentElement: { scrollWidth, clientWidth } }) => scrollWidth > clientWidth))
    .map((one) => one.textContent.slice(0, 40))`);

const dialogOverflow = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(
  document.querySelector('dialog .dialog-body'))`;

/** Names as long as the API allows, in every table that shows what people wrote. */
export function longNamesFlow(given: GivenNow): void {
  describe('a long name', () => {
    const orders: number[] = [];
    beforeAll(async () => {
      const { stack, desk } = given();
      for (const name of Object.values(names)) {
        const response = await stack.call('sales', '/sales/products', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            name,
            manufacturer: name,
            cost: '999999999.9999',
            weight: '99999.999',
          }),
        });
        const { productId } = (await response.json()) as { productId: number };
        orders.push(await desk.placeOrder(`long-${productId}`, productId));
      }
      // Not readable, so a dead letter, and an event of the hub.
      const kafka = await openKafkaClient(stack);
      const headers = { 'content-type': 'application/cloudevents+json' };
      await kafka.send([{ key: names.hebrew, value: Buffer.from('{}'), headers }]);
      await kafka.close();
      await eventually(
        async () => {
          const response = await stack.call('engineering', '/operations/dead-letters');
          return ((await response.json()) as { deadLetters: unknown[] }).deadLetters[0];
        },
        { within: 60_000, every: 300 },
      );
    });

    const see = async (persona: Persona, path: string, at: Window, shows: string): Promise<Visit> => {
      const visitor = await visit(given().browser, given().stack.endpoints.api, persona, path, windows[at]);
      await visitor.page.locator(shows).first().waitFor();
      return visitor;
    };
    const expectWhole = async ({ page }: Visit) => {
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      expect(await tooWide(page)).toEqual([]);
    };

    describe.each(Object.keys(windows) as Window[])('%s', (at) => {
      test('leaves a product what can be done with it', async () => {
        for (const name of Object.values(names)) {
          const path = `/sales?search=${encodeURIComponent(name.slice(0, 100))}`;
          const visitor = await see('sales', path, at, 'tr[data-product] bdi');
          await expectWhole(visitor);
          const edit = (await visitor.page
            .getByRole('button', { name: 'Edit', exact: false })
            .boundingBox())!;
          expect(edit.x).toBeGreaterThanOrEqual(0);
          expect(edit.x + edit.width).toBeLessThanOrEqual(windows[at].viewport.width);
          const direction = await visitor.page.evaluate(
            "getComputedStyle(document.querySelector('tr[data-product] bdi')).direction",
          );
          expect(direction).toBe(name === names.hebrew ? 'rtl' : 'ltr');
          await visitor.context.close();
        }
      });

      test('is whole in an order and in the figures', async () => {
        for (const orderId of orders) {
          const visitor = await see('logistics', '/logistics', at, `tr[data-order="${orderId}"]`);
          await visitor.page.locator(`tr[data-order="${orderId}"] .order-number`).click();
          await visitor.page.locator('dialog bdi').first().waitFor();
          await expectWhole(visitor);
          expect(await visitor.page.evaluate(dialogOverflow)).toBe(0);
          await visitor.context.close();
        }
        const figures = await see('analytics', '/analytics?by=product', at, '.figures tbody bdi');
        await expectWhole(figures);
        await figures.context.close();
      });
    });

    /** Of an engineer's pages: what people, producers and images can make long. */
    const written = new Set(['message', 'reason', 'key']);
    const lengthen = (body: string): string => {
      let at = 0;
      const texts = Object.values(names);
      return JSON.stringify(
        JSON.parse(body, (name, value: unknown) => {
          if (typeof value !== 'string' || value === '' || !written.has(name)) return value;
          return texts[at++ % texts.length];
        }),
      );
    };
    const operations = [
      ['the overview', '', '.group'],
      ['dead letters', '?part=dead-letters', 'table.letters bdi'],
      ['the hubs', '?part=hubs', '.hub-form'],
      ['erasures', '?part=erasures', '.verdict'],
      ['processors', '?part=processors', 'table.cards'],
      ['rights', '?part=rights', '.matrix'],
    ] as const;

    test.each(operations)('is whole on the page of %s', async (_what, search, shows) => {
      for (const at of Object.keys(windows) as Window[]) {
        const { browser, stack } = given();
        const before = (one: Page) =>
          one.route(/\/api\/operations\/(?!.*live)/, async (route) => {
            const response = await route.fetch();
            const isJson = response.headers()['content-type']?.includes('json') === true;
            const body = isJson ? lengthen(await response.text()) : await response.body();
            await route.fulfill({ response, body });
          });
        const options = { ...windows[at], before, serviceWorkers: 'block' } as const;
        const visitor = await visit(
          ...([browser, stack.endpoints.api, 'engineering', `/operations${search}`] as const),
          options,
        );
        const { page, context } = visitor;
        await page.locator(shows).first().waitFor();
        if (shows === '.hub-form') {
          // A busy hub answers with what it found in its time; people look again.
          await eventually(async () => {
            await page.getByRole('button', { name: 'Look', exact: true }).click();
            const row = page.locator('tr[data-event]').first();
            return row.waitFor({ timeout: 5_000 }).then(
              () => true,
              () => undefined,
            );
          });
        }
        await expectWhole(visitor);
        if (shows.startsWith('table.letters')) {
          await page.locator('table.letters .link').first().click();
          await page.locator('dialog bdi').first().waitFor();
          expect(await page.evaluate(dialogOverflow)).toBe(0);
        }
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        await context.close();
      }
    });

    test.each(places)('or 400 % leaves the page of $name as wide as its window', async (place) => {
      const { page, context } = await see(place.persona, place.path, 'at 400 %', place.shows);
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      await context.close();
    });

    afterAll(async () => {
      for (const orderId of orders) await given().desk.cancelOrder(orderId);
    });
  });
}
