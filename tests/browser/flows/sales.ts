import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';
import { framesDrawn } from '../support/frames.ts';

const name = 'Browser Test Print 30×40';

/** Adding, correcting, and two people at one product. */
export function salesFlow(given: GivenNow): void {
  describe('the products page', () => {
    let visitor: Visit;
    const product = (page: Page) => page.locator('tr[data-product]', { hasText: name });
    const fields = (page: Page) => page.getByRole('dialog');

    beforeAll(async () => {
      visitor = await visit(given().browser, given().stack.endpoints.api, 'sales', '/sales');
      await visitor.page.locator('tr[data-product]').first().waitFor();
    });
    afterAll(() => visitor.context.close());

    test('says at the field what is wrong with a number or what the API finds wrong, and adds what is right', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Add product' }).click();
      const form = fields(page);
      await form.getByLabel('Manufacturer').fill('Darkroom');
      await form.getByLabel('Cost').fill('-1');
      await form.getByLabel('Weight').fill('0.250');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText('It cannot be negative.').waitFor();
      expect(await form.getByLabel('Cost').getAttribute('aria-invalid')).toBe('true');
      expect(await form.locator(':focus').getAttribute('name')).toBe('cost');
      await expectAccessible(page, 'dialog');
      await form.getByLabel('Cost').fill('12.3450');
      await form.getByText('Understood as €12.345').waitFor();
      await form.getByRole('button', { name: 'Save' }).click();
      await eventually(async () =>
        (await form.getByLabel('Name').getAttribute('aria-invalid')) === 'true' ? true : undefined,
      );
      expect(await form.locator(':focus').getAttribute('name')).toBe('name');
      await form.getByLabel('Name').fill(name);
      await form.getByRole('button', { name: 'Save' }).click();
      await form.waitFor({ state: 'detached' });
      await page.getByLabel('Search').fill(name);
      await product(page).waitFor();
      expect(await product(page).innerText()).toContain('12.345');
    });

    test('pages on and back, and finds by manufacturer what the API finds', async () => {
      const { page } = visitor;
      await page.getByLabel('Search').fill('');
      const first = page.locator('tr[data-product] th').first();
      const pager = page.getByRole('navigation', { name: 'Pages of products' });
      await pager.waitFor();
      const top = await first.innerText();
      await pager.getByRole('button', { name: 'Next' }).click();
      await pager.getByText('Page 2').waitFor();
      await eventually(async () => ((await first.innerText()) === top ? undefined : true));
      await pager.getByRole('button', { name: 'Back' }).click();
      await eventually(async () => ((await first.innerText()) === top ? true : undefined));
      await page.getByLabel('Search').fill('Norrvik');
      const response = await given().stack.call(
        'sales',
        '/sales/products?search=Norrvik&active=true&limit=50',
      );
      const { products } = (await response.json()) as { products: unknown[] };
      expect(products.length).toBeGreaterThan(3);
      await eventually(async () =>
        (await page.locator('tr[data-product]').count()) === products.length ? true : undefined,
      );
      await page.getByLabel('Search').fill(name);
      await product(page).waitFor();
    });

    test('shows both values when somebody else edited, and overwrites nothing unseen', async () => {
      const { page } = visitor;
      const other = await visitor.context.newPage();
      await other.goto(page.url());
      await product(other).waitFor();
      await page.getByRole('button', { name: `Edit ${name}` }).click();
      await other.getByRole('button', { name: `Edit ${name}` }).click();
      await fields(other).getByLabel('Cost').fill('13');
      await fields(other).getByRole('button', { name: 'Save' }).click();
      await fields(other).waitFor({ state: 'detached' });
      await other.close();

      await fields(page).getByLabel('Weight').fill('0.300');
      await fields(page).getByRole('button', { name: 'Save' }).click();
      await fields(page).getByRole('group', { name: 'Conflict' }).waitFor();
      await fields(page).getByRole('button', { name: 'Go on with mine' }).click();
      await fields(page).getByLabel('Cost').fill('13.0000');
      await fields(page).getByRole('button', { name: 'Save' }).click();
      await fields(page).waitFor({ state: 'detached' });
      const text = await product(page).innerText();
      expect(text).toContain('13.00');
      expect(text).toContain('0.300 kg');
    });

    test('retires and restores, and a retired product can still be found', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: `Retire ${name}` }).click();
      await product(page).getByText('Retired').first().waitFor();
      expect(await product(page).locator(':focus').innerText()).toBe('Restore');
      await page.locator('.segmented label', { hasText: 'Retired' }).click();
      await product(page).waitFor();
      await page.getByRole('button', { name: `Restore ${name}` }).click();
      await product(page).getByText('On sale').waitFor();
    });

    test('takes amounts and weights as a German writes them, and asks where one could be two', async () => {
      const german = await visit(given().browser, given().stack.endpoints.api, 'sales', '/sales', {
        locale: 'de-DE',
      });
      const { page } = german;
      await page.getByLabel('Search').fill(name);
      await page.getByRole('button', { name: `Edit ${name}` }).click();
      const form = fields(page);
      expect(await form.getByLabel('Weight').inputValue()).toBe('0,3');
      await form.getByLabel('Cost').fill('1.250');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText('This can be two numbers').waitFor();
      await expectAccessible(page, 'dialog');
      await form.getByRole('button', { name: '1.250,00\u00a0€' }).click();
      await form.getByText('Understood as 1.250,00\u00a0€').waitFor();
      await form.getByLabel('Weight').fill('0,275');
      await form.getByText('Understood as 0,275 kg').waitFor();
      await form.getByRole('button', { name: 'Save' }).click();
      await form.waitFor({ state: 'detached' });
      expect(await product(page).innerText()).toContain('1.250,00\u00a0€');
      const response = await given().stack.call(
        'sales',
        `/sales/products?search=${encodeURIComponent(name)}`,
      );
      const { products } = (await response.json()) as { products: { cost: string; weight: string }[] };
      expect(products[0]).toMatchObject({ cost: '1250.0000', weight: '0.275' });
      expect(german.complaints).toEqual([]);
      await german.context.close();
    });

    test('says who made what of a product and when, and restores what it was', async () => {
      const { page } = visitor;
      await page.goto(new URL(`/sales?search=${encodeURIComponent(name)}`, page.url()).href);
      await product(page).waitFor();
      await page.getByRole('button', { name: `History of ${name}` }).click();
      const rows = page.getByRole('dialog').locator('tbody tr');
      await rows.nth(2).waitFor();
      const costs = await rows.locator('[data-label=Cost]').allInnerTexts();
      expect([costs[0], costs.at(-1)]).toEqual(['€1,250.00', '€12.345']);
      expect(await rows.first().innerText()).toContain('by you');
      expect(await rows.first().getByRole('button').count()).toBe(0);
      await expectAccessible(page, 'dialog');
      await rows.last().getByRole('button', { name: 'Restore' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await product(page).getByText('€12.345').waitFor();
      expect(await product(page).innerText()).toContain('0.250 kg');
      await page.getByRole('button', { name: `History of ${name}` }).click();
      await eventually(async () => ((await rows.count()) === costs.length + 1 ? true : undefined));
      expect(await rows.first().locator('[data-label=Cost] strong').innerText()).toBe('€12.345');
      await page.keyboard.press('Escape');
    });

    test('downloads a file that says role, time and how many rows of how many', async () => {
      const { page } = visitor;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'CSV' }).click(),
      ]);
      let text = '';
      for await (const chunk of await download.createReadStream()) text += String(chunk);
      expect(text).toMatch(/^# role: sales; as of: \d{4}-\d\d-\d\dT[\d:.]+Z; rows: (\d+) of \1\n/);
      expect(text).toContain(name);
    });

    test('shows what a file would do by its rows, asks what can be two numbers, and writes nothing before', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Import' }).click();
      const choose = (lines: readonly string[]) =>
        page.getByLabel('File', { exact: true }).setInputFiles({
          ...{ name: 'products.csv', mimeType: 'text/csv' },
          buffer: Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`),
        });
      const header = 'name;manufacturer;cost;weight;isActive';
      const imports = page.getByRole('dialog').getByRole('button', { name: 'Import' });
      await choose([header, 'New one;Darkroom;1.250;0;true', 'Bad one;Darkroom;cheap;1;false']);
      const issues = page.getByRole('region', { name: 'Values that are not valid' }).getByRole('row');
      await issues.nth(2).waitFor();
      expect(await issues.nth(1).innerText()).toContain('1.25 or 1250');
      expect(await issues.nth(2).innerText()).toMatch(/^3\s+cost\s+cheap/);
      expect(await imports.isDisabled()).toBe(true);
      await choose(['# a heading', header, 'New one;Darkroom;1.250;2;true', '"Old one";Darkroom;2;1;FALSCH']);
      await eventually(async () => ((await issues.count()) === 2 ? true : undefined));
      await page.locator('dialog .segmented label', { hasText: 'A comma' }).click();
      const changes = page.getByRole('region', { name: 'What is added and changed' }).getByRole('row');
      await changes.nth(2).waitFor();
      expect(await changes.nth(1).innerText()).toMatch(
        /^3\s+Add\s+New one\s+Darkroom\s+€1,250.00\s+2\.000 kg\s+On sale/,
      );
      expect(await changes.nth(2).innerText()).toMatch(/^4\s+Add\s+Old one\s.*\sRetired/s);
      await expectAccessible(page, 'dialog');
      const found = async () => {
        const response = await given().stack.call('sales', '/sales/products?search=New one');
        return ((await response.json()) as { products: { cost: string }[] }).products;
      };
      expect(await found()).toEqual([]);
      await imports.click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await found()).toMatchObject([{ cost: '1250.0000' }]);
    });

    test('imports what it shows: the answer to an earlier choice of decimals comes too late', async () => {
      const { page } = visitor;
      const header = 'name;manufacturer;cost;weight';
      const answered = page.waitForResponse((one) => one.url().includes('decimals=comma'));
      await page.route('**/sales/products/import?dryRun=true', async (route) => {
        await answered;
        await route.continue();
      });
      await page.getByRole('button', { name: 'Import' }).click();
      const late = page.waitForResponse((one) => one.url().endsWith('/import?dryRun=true'));
      await page.getByLabel('File', { exact: true }).setInputFiles({
        ...{ name: 'twice.csv', mimeType: 'text/csv' },
        buffer: Buffer.from(`${header}\nTwice;Darkroom;1.250;2\n`),
      });
      await page.locator('dialog .segmented label', { hasText: 'A comma' }).click();
      await (await late).finished();
      const changes = page.getByRole('region', { name: 'What is added and changed' });
      await changes.getByText('€1,250.00').waitFor();
      // The late answer would be there by now.
      await framesDrawn(page);
      expect(await changes.getByText('€1,250.00').count()).toBe(1);
      expect(await page.getByRole('dialog').getByRole('button', { name: 'Import 1 row' }).isDisabled()).toBe(
        false,
      );
      await page.unroute('**/sales/products/import?dryRun=true');
      await page.keyboard.press('Escape');
    });

    test('imports the file that it exports, without a change', async () => {
      const { page } = visitor;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'CSV' }).click(),
      ]);
      await page.getByRole('button', { name: 'Import' }).click();
      await page.getByLabel('File', { exact: true }).setInputFiles({
        ...{ name: 'products.csv', mimeType: 'text/csv' },
        buffer: await readFile(await download.path()),
      });
      const summary = page
        .getByRole('dialog')
        .getByText(/: 0 to add, 0 to change, [\d,]+ unchanged, 0 values not valid/);
      await summary.waitFor();
      await page.keyboard.press('Escape');
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
