import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { GivenNow } from '../support/given.ts';
import { expectStill } from '../support/expect-still.ts';
import { forgetShifts, shiftsOf, stillness, sumOf, watchShifts } from '../support/layout-shift.ts';
import { press, windows } from '../support/look.ts';
import { slowDown } from '../support/slowly.ts';
import { visit } from '../support/visit.ts';

const dialogs = [
  ['an order', 'logistics', '/logistics', '.order-number'],
  ['a dead letter', 'engineering', '/operations?part=dead-letters', 'table.letters .link'],
] as const;

/** Nothing jumps, beside the pages as they load (flows/qualities.ts): see docs/console.md. */
export function layoutFlow(given: GivenNow): void {
  describe('the layout', () => {
    test('would be seen to jump: a strip above a page counts as more than is allowed', async () => {
      const context = await given().browser.newContext({ viewport: windows.wide });
      const page = await context.newPage();
      await watchShifts(page);
      await page.goto(given().stack.endpoints.api);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expectStill(await shiftsOf(page));
      await page.evaluate(`document.body.insertAdjacentHTML('afterbegin', '<h1>Unexpected</h1>'.repeat(3))`);
      const shifts = await shiftsOf(page);
      expect(sumOf(shifts)).toBeGreaterThan(stillness);
      expect(() => expectStill(shifts)).toThrow('div#app');
      await context.close();
    });

    test('of the packing page does not jump when a check-off is sent, and its row stays, as done', async () => {
      const { stack, browser, desk } = given();
      const orderId = await desk.placeOrder('layout');
      const number = String(orderId).padStart(8, '0');
      const options = { before: watchShifts, viewport: windows.narrow } as const;
      const { page, context } = await visit(browser, stack.endpoints.api, 'logistics', '/logistics', options);
      const row = page.locator(`tr[data-order="${orderId}"]`);
      await row.waitFor();
      await page.evaluate(press(`[aria-label="Check off order ${number}"]`));
      await page.locator('.outcomes li', { hasText: number }).getByText('Done').waitFor();
      await row.getByText('Done').waitFor();
      expectStill(await shiftsOf(page));
      await context.close();
    });

    test.each(dialogs)('of %s does not jump when it is read', async (_what, persona, path, opens) => {
      const { stack, browser } = given();
      const options = { before: watchShifts, serviceWorkers: 'block' } as const;
      const { page, context } = await visit(browser, stack.endpoints.api, persona, path, options);
      await page.locator(opens).first().waitFor();
      const network = await slowDown(page);
      await forgetShifts(page);
      await page.evaluate(press(opens));
      await page.getByRole('dialog').locator('table, .payload').first().waitFor();
      await eventually(() => (network.isQuiet(300) ? true : undefined));
      expectStill(await shiftsOf(page));
      await context.close();
    });
  });
}
