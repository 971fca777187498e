import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { jpegPhoto } from '../../support/photos.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { expectStill } from '../support/expect-still.ts';
import { shiftsOf, watchShifts } from '../support/layout-shift.ts';
import { endSession } from '../support/end-session.ts';
import { keptCount } from '../support/kept-files.ts';
import { signIn, visitAnew } from '../support/visit.ts';

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
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'sales', '/logistics');
      await page.getByText('Your roles do not include this page').waitFor();
      expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()).toEqual(
        ['Products'],
      );
      await context.close();
    });

    test('is renewed silently before the token runs out', async () => {
      const { stack, browser } = given();
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'uploader', '/images');
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

    test('that is over takes nothing away: what is done waits, and signing in again goes on with it', async () => {
      const { stack, browser, desk } = given();
      const [packed, chosen] = [await desk.placeOrder('session-1'), await desk.placeOrder('session-2')];
      const status = async () =>
        ((await (await stack.call('logistics', `/logistics/orders/${packed}`)).json()) as { status: string })
          .status;
      const before = watchShifts;
      const { page, context, complaints } = await visitAnew(
        ...([browser, stack.endpoints.api, 'logistics', '/logistics', { before }] as const),
      );
      const number = String(packed).padStart(8, '0');
      await page.locator(`tr[data-order="${chosen}"]`).getByRole('checkbox').check();
      await page.evaluate(endSession(await stack.token('logistics', { expiresIn: -60 })));
      await page.getByRole('button', { name: 'Refresh' }).first().click();
      const bar = page.getByRole('alert');
      await bar.getByText('Your session has ended. What you see stays; sign in again to go on.').waitFor();
      await page.getByText('Not refreshed').first().waitFor();
      await page.getByRole('button', { name: `Check off order ${number}` }).click();
      const waiting = page.getByRole('region', { name: 'Waiting to be sent' });
      await waiting.getByText('They are sent when you have signed in again').waitFor();
      expect(await waiting.innerText()).toContain(number);
      expect(await status()).toBe('pending');
      await expectAccessible(page, '.session-bar');
      expectStill(await shiftsOf(page));

      const [window] = await Promise.all([context.waitForEvent('page'), bar.getByRole('button').click()]);
      await window.locator('button[name=persona][value="logistics"]').click();
      await bar.waitFor({ state: 'detached' });
      await page.locator('.outcomes li', { hasText: number }).getByText('Done').waitFor();
      expect(await status()).toBe('completed');
      expect(await page.getByTestId('selected').innerText()).toBe('1 selected');
      await page
        .locator('.as-of', { hasText: /^As of/ })
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('that is over while a dialog is open is said in the dialog, where it can be answered', async () => {
      const { stack, browser, desk } = given();
      const order = await desk.placeOrder('session-3');
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'logistics', '/logistics');
      await page.locator(`tr[data-order="${order}"]`).waitFor();
      await page.evaluate(endSession(await stack.token('logistics', { expiresIn: -60 })));
      await page.getByLabel('Order number').fill(String(order).padStart(8, '0'));
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      const again = dialog.getByRole('alert').getByRole('button', { name: 'Sign in again' });
      await again.waitFor();
      await expectAccessible(page, 'dialog');
      await again.focus();
      const [window] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Enter')]);
      await window.locator('button[name=persona][value="logistics"]').click();
      await again.waitFor({ state: 'detached' });
      await dialog.getByRole('table').waitFor();
      await context.close();
    });

    test('in one tab is enough for all, and so is signing out', async () => {
      const { stack, browser } = given();
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'uploader', '/images');
      const other = await context.newPage();
      await other.goto(`${stack.endpoints.api}/images`);
      await other.getByRole('button', { name: 'Sign out' }).waitFor();
      await other.getByRole('button', { name: 'Sign out' }).click();
      await other.getByRole('button', { name: 'Sign in' }).waitFor();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('access_token');
      await signIn(page, 'sales');
      await other.locator('.person-name', { hasText: 'Sales' }).waitFor();
      await context.close();
    });

    test('comes back with nothing in an address that a server or a firewall sees', async () => {
      const { stack, browser } = given();
      const context = await browser.newContext();
      const page = await context.newPage();
      const seen: string[] = [];
      page.on('request', (one) => {
        if (one.url().includes('/signed-in')) seen.push(new URL(one.url()).search);
      });
      await page.goto(stack.endpoints.api);
      await signIn(page, 'uploader');
      expect(seen).toEqual(['']);
      expect(page.url()).not.toContain('code=');
      await context.close();
    });

    test('and out again leaves nothing in the browser, and says what would be lost by that', async () => {
      const { stack, browser } = given();
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'logistics', '/logistics');
      const kept = () => page.evaluate<string[]>('Object.keys(localStorage)');
      await page.getByRole('button', { name: /^Colours:/ }).click();
      await page.route('**/orders/complete', (route) => route.abort());
      await page
        .getByRole('button', { name: /^Check off order/ })
        .first()
        .click();
      expect((await kept()).length).toBeGreaterThan(1);
      const out = page.getByRole('button', { name: 'Sign out', exact: true });
      await out.click();
      await page.getByRole('dialog').getByText('1 check-off was not sent yet').waitFor();
      await expectAccessible(page, 'dialog');
      await page.getByRole('button', { name: 'Stay signed in' }).click();
      expect((await kept()).length).toBeGreaterThan(1);
      await out.click();
      await page.getByRole('button', { name: 'Sign out anyway' }).click();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await kept()).toEqual([]);
      await context.close();
    });

    test('leaves no file of one person to the next, who signs in after or without a sign-out', async () => {
      const { stack, browser } = given();
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'uploader', '/images');
      const images = async () =>
        ((await (await stack.call('uploader2', '/images?limit=200')).json()) as { images: unknown[] }).images;
      const before = await images();
      const begun = () =>
        page.evaluate<string[]>(`Object.keys(localStorage).filter((key) => key.startsWith('tus::'))`);
      const choose = async (name: string, seed: number) => {
        const buffer = await jpegPhoto(300, 200, seed);
        await page.setInputFiles('input[type=file]', { name, buffer, mimeType: 'image/jpeg' });
        await eventually(async () => ((await keptCount(page)) === 1 ? true : undefined));
      };
      await page.evaluate(`localStorage.setItem('tus::darkroom/somebody/holiday.jpg::1', '{}')`);
      await page.route('**/api/uploads', (route) => route.abort());
      await choose('private.jpg', 71);
      await page.locator('.upload-row', { hasText: 'private.jpg' }).getByText('Not sent').waitFor();
      await page.evaluate(endSession(await stack.token('uploader', { expiresIn: -60 })));
      await page.getByRole('button', { name: 'Send 1 again' }).click();
      const again = page.getByRole('alert').getByRole('button', { name: 'Sign in again' });
      const [window] = await Promise.all([context.waitForEvent('page'), again.click()]);
      await page.unroute('**/api/uploads');
      await window.locator('button[name=persona][value="uploader2"]').click();
      await page.getByText('Omar Haddad').waitFor();
      await page.locator('.gallery-count').waitFor();
      await eventually(async () => ((await keptCount(page)) === 0 ? true : undefined));
      expect(await page.locator('.upload-row').count()).toBe(0);
      expect(await begun()).toEqual([]);
      expect(await images()).toEqual(before);

      await page.route('**/api/uploads', (route) => route.abort());
      await choose('second.jpg', 72);
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('dialog').getByText('1 upload is not finished').waitFor();
      await page.getByRole('button', { name: 'Sign out anyway' }).click();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await page.evaluate('indexedDB.databases()')).toEqual([]);
      await context.close();
    });

    test('keeps the session through a reload, and ends it at sign-out', async () => {
      const { stack, browser } = given();
      const { page, context } = await visitAnew(browser, stack.endpoints.api, 'uploader', '/');
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
