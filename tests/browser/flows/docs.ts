import { describe, expect, test } from '@jest/globals';
import type { GivenNow } from '../support/given.ts';
import { askedHosts, visitAnew } from '../support/visit.ts';

/** The access token of the tab. */
const token = `JSON.parse(sessionStorage.getItem(
  Object.keys(sessionStorage).find((name) => name.startsWith('oidc.user:')))).access_token`;

/** As after an hour in which nothing was asked: the token has run out, the session has not. */
const expire = `{
  const key = Object.keys(sessionStorage).find((name) => name.startsWith('oidc.user:'));
  const user = JSON.parse(sessionStorage.getItem(key));
  user.expires_at = Math.floor(Date.now() / 1000) - 1;
  sessionStorage.setItem(key, JSON.stringify(user));
}`;

/** The reference of the API: from the document that the API serves, tried as who is signed in. */
export function docsFlow(given: GivenNow): void {
  describe('the reference of the API', () => {
    test('is reached from /api/docs, shows every operation, and sends a request as who is signed in', async () => {
      const { browser, stack } = given();
      const { api, identity } = stack.endpoints;
      const { page, context, complaints } = await visitAnew(browser, api, 'sales', '/sales');
      await page.goto(`${api}/api/docs`);
      expect(new URL(page.url()).pathname).toBe('/docs');
      await page.getByText('sales', { exact: true }).first().click();
      await page.getByText('Products, retired ones too unless told otherwise').first().click();
      await page.getByText('Print 30×40, matte').first().waitFor({ state: 'attached' });
      await page.getByRole('button', { name: /^test request.*get \/sales\/products\)/i }).click();
      const client = page.getByRole('dialog');
      const send = async () => {
        const answered = page.waitForResponse((answer) => answer.url().includes('/api/sales/products'));
        await client.getByRole('button', { name: /^send/i }).first().click();
        const answer = await answered;
        const { products } = (await answer.json()) as { products: { name: string }[] };
        const response = client.getByRole('region', { name: 'Response', exact: true });
        await response.getByText('200 OK').waitFor();
        await response.getByText(products[0]!.name).first().waitFor();
        return answer.request().headers()['authorization'];
      };
      const first = await page.evaluate<string>(token);
      expect(await send()).toBe(`Bearer ${first}`);
      await page.evaluate(expire);
      const second = await send();
      expect(second).not.toBe(`Bearer ${first}`);
      expect(second).toBe(`Bearer ${await page.evaluate<string>(token)}`);
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
