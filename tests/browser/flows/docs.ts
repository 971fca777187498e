import { describe, expect, test } from '@jest/globals';
import type { GivenNow } from '../support/given.ts';
import { askedHosts, visit } from '../support/visit.ts';

/** The reference of the API: from the document that the API serves, tried as who is signed in. */
export function docsFlow(given: GivenNow): void {
  describe('the reference of the API', () => {
    test('is reached from /api/docs, shows every operation, and sends a request as who is signed in', async () => {
      const { browser, stack } = given();
      const { api, identity } = stack.endpoints;
      const { page, context, complaints } = await visit(browser, api, 'sales', '/sales');
      await page.goto(`${api}/api/docs`);
      expect(new URL(page.url()).pathname).toBe('/docs');
      await page.getByText('sales', { exact: true }).first().click();
      await page.getByText('Products, retired ones too unless told otherwise').first().click();
      await page.getByText('Print 30×40, matte').first().waitFor({ state: 'attached' });
      const answered = page.waitForResponse((answer) => answer.url().includes('/api/sales/products'));
      await page.getByRole('button', { name: /^test request.*get \/sales\/products\)/i }).click();
      await page.getByRole('button', { name: /^send/i }).first().click();
      const response = await answered;
      expect(response.status()).toBe(200);
      expect(Object.keys((await response.json()) as object)).toContain('products');
      // Its own styles in the markup are refused, as the policy of every page says; nothing else may be.
      expect(
        complaints.filter((text) => !text.includes('inline style') && !text.startsWith(' Note')),
      ).toEqual([]);
      expect([...askedHosts(api)].toSorted()).toEqual(
        [api, identity].map((url) => new URL(url).host).toSorted(),
      );
      await context.close();
    });
  });
}
