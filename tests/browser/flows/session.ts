import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { signIn, visit } from '../support/visit.ts';

/** The token with which the page asks for what it shows. */
async function tokenOfNext(page: Page): Promise<string> {
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.url().includes('/api/images?')),
    page.getByRole('button', { name: 'Refresh' }).click(),
  ]);
  return request.headers()['authorization']!;
}

/** Who one is, for how long, and what one is offered. */
export function sessionFlow(given: GivenNow): void {
  describe('signing in', () => {
    test('axe finds nothing serious on the page before it', async () => {
      const context = await given().browser.newContext();
      const page = await context.newPage();
      await page.goto(given().stack.endpoints.api);
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await expectAccessible(page);
      await context.close();
    });

    test('offers only the pages that the roles allow, and says so at any other', async () => {
      const { stack, browser } = given();
      const { page, context } = await visit(browser, stack.endpoints.api, 'sales', '/logistics');
      await page.getByText('Your roles do not include this page').waitFor();
      expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()).toEqual(
        ['Products'],
      );
      await context.close();
    });

    test('is renewed silently before the token runs out', async () => {
      const { stack, browser } = given();
      const { page, context } = await visit(browser, stack.endpoints.api, 'uploader', '/images');
      await page.clock.install();
      await page.reload();
      await page.locator('.gallery-count').waitFor();
      const before = await tokenOfNext(page);
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/token')),
        page.clock.fastForward('59:30'),
      ]);
      expect(request.postData()).toContain('grant_type=refresh_token');
      expect((await request.response())!.status()).toBe(200);
      expect(await tokenOfNext(page)).not.toBe(before);
      expect(new URL(page.url()).pathname).toBe('/images');
      expect(await page.getByRole('button', { name: 'Sign in again' }).count()).toBe(0);
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
