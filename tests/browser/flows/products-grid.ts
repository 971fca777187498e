import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Product } from '../../../client/api-types.ts';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible, sidewaysOverflow } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit, type VisitOptions } from '../support/visit.ts';

const manufacturer = 'Gridwork';
const names = ['Grid A', 'Grid B', 'Grid C'] as const;

/** Cells that are edited in place, and rows that are pasted from a spreadsheet. */
export function productsGridFlow(given: GivenNow): void {
  describe('the products grid', () => {
    let ids: readonly number[];
    let visitor: Visit;
    const json = { 'content-type': 'application/json' };
    const productOf = async (id: number): Promise<Product> =>
      (await (await given().stack.call('sales', `/sales/products/${id}`)).json()) as Product;
    /** As somebody else, elsewhere. */
    const correct = async (id: number, changes: Partial<Product>): Promise<void> => {
      const { etag } = await productOf(id);
      const response = await given().stack.call('sales', `/sales/products/${id}`, {
        ...{ method: 'PATCH', headers: { ...json, 'if-match': etag }, body: JSON.stringify(changes) },
      });
      expect(response.status).toBe(200);
    };
    const look = async (options: VisitOptions = {}): Promise<Visit> => {
      const { browser, stack } = given();
      const seen = await visit(
        browser,
        stack.endpoints.api,
        'sales',
        `/sales?search=${manufacturer}`,
        options,
      );
      await seen.page.locator('tr[data-product]').nth(2).waitFor();
      return seen;
    };
    const cell = (page: Page, row: number, field: string): Locator =>
      page.locator(`tr[data-product="${ids[row]}"] [data-field="${field}"]`);
    const focusedCell = (page: Page): Promise<string> =>
      page.evaluate<string>(`(({ activeElement: one }) =>
        (one.closest('tr')?.dataset.product ?? '') + ' ' + (one.dataset.field ?? one.textContent))(document)`);
    const paste = async (page: Page, text: string): Promise<void> => {
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
      await page.keyboard.press('ControlOrMeta+v');
    };
    const untilIs = (id: number, field: keyof Product, value: string) =>
      eventually(async () => ((await productOf(id))[field] === value ? true : undefined));

    beforeAll(async () => {
      const added: number[] = [];
      for (const name of names) {
        const body = JSON.stringify({ name, manufacturer, cost: '10', weight: '0.5' });
        const response = await given().stack.call('sales', '/sales/products', {
          ...{ method: 'POST', headers: json, body },
        });
        added.push(((await response.json()) as Product).productId);
      }
      ids = added;
      visitor = await look();
      await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    });
    afterAll(() => visitor.context.close());

    test('is one tab stop, in which arrow keys, Home and End move', async () => {
      const { page } = visitor;
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Add product' }).focus();
      await page.keyboard.press('Tab');
      expect(await focusedCell(page)).toBe(`${ids[0]} name`);
      const keys = [
        ['ArrowRight', `${ids[0]} manufacturer`],
        ['ArrowDown', `${ids[1]} manufacturer`],
        ['End', `${ids[1]} Retire`],
        ['ArrowLeft', `${ids[1]} Edit`],
        ['Control+End', `${ids[2]} Retire`],
        ['ArrowDown', `${ids[2]} Retire`],
        ['Home', `${ids[2]} name`],
        ['Control+Home', `${ids[0]} name`],
        ['ArrowLeft', `${ids[0]} name`],
      ] as const;
      for (const [key, place] of keys) {
        await page.keyboard.press(key);
        expect([key, await focusedCell(page)]).toEqual([key, place]);
      }
      await page.keyboard.press('Tab');
      expect(await page.locator('table.products :focus').count()).toBe(0);
      await page.keyboard.press('Shift+Tab');
      expect(await focusedCell(page)).toBe(`${ids[0]} name`);
    });

    test('saves with Enter, leaves with Escape, and goes on with Tab before the first is saved', async () => {
      const { page } = visitor;
      await page.route('**/sales/products/*', async (route) => {
        if (route.request().method() === 'PATCH') await new Promise((done) => setTimeout(done, 300));
        await route.continue();
      });
      await cell(page, 0, 'cost').focus();
      await page.keyboard.press('F2');
      const editor = page.locator('.cell-editor input');
      expect(await editor.inputValue()).toBe('10');
      expect(await page.locator('.cell-editor input:focus').count()).toBe(1);
      await expectAccessible(page, 'table.products');
      await editor.fill('99');
      await page.keyboard.press('Escape');
      expect(await focusedCell(page)).toBe(`${ids[0]} cost`);
      expect(await cell(page, 0, 'cost').innerText()).toBe('€10.00');
      // Typing begins an edit, as in a spreadsheet.
      await page.keyboard.type('12.5');
      await page.keyboard.press('Tab');
      expect(await focusedCell(page)).toBe(`${ids[0]} weight`);
      await page.keyboard.press('Enter');
      await page.keyboard.type('0.75');
      await page.keyboard.press('Enter');
      expect(await focusedCell(page)).toBe(`${ids[0]} weight`);
      await untilIs(ids[0]!, 'weight', '0.750');
      expect(await productOf(ids[0]!)).toMatchObject({ cost: '12.5000', name: names[0] });
      await eventually(async () =>
        (await cell(page, 0, 'weight').innerText()) === '0.750 kg' ? true : undefined,
      );
      expect(await cell(page, 0, 'cost').innerText()).toBe('€12.50');
      await page.unroute('**/sales/products/*');
    });

    test('takes changes back with Ctrl+Z, the last one first, and by the notice', async () => {
      const { page } = visitor;
      await cell(page, 0, 'weight').focus();
      await page.keyboard.press('ControlOrMeta+z');
      await untilIs(ids[0]!, 'weight', '0.500');
      expect((await productOf(ids[0]!)).cost).toBe('12.5000');
      await page.keyboard.press('ControlOrMeta+z');
      await untilIs(ids[0]!, 'cost', '10.0000');
      await cell(page, 1, 'name').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.type('Grid B2');
      await page.keyboard.press('Enter');
      await page.getByText('Name of Grid B2 is Grid B2.').first().waitFor();
      await page.locator('.toast', { hasText: 'Grid B2' }).getByRole('button', { name: 'Undo' }).click();
      await untilIs(ids[1]!, 'name', names[1]);
    });

    test('says in the cell what the API refuses; what was typed stays until Escape or until it is right', async () => {
      const { page } = visitor;
      await cell(page, 1, 'name').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Delete');
      await page.keyboard.press('Enter');
      await cell(page, 1, 'name').locator('.field-error').waitFor();
      expect(await cell(page, 1, 'name').getAttribute('aria-invalid')).toBe('true');
      await expectAccessible(page, 'table.products');
      await page.keyboard.press('Escape');
      await cell(page, 1, 'name').getByText(names[1]).waitFor();
      expect(await cell(page, 1, 'name').locator('.field-error').count()).toBe(0);
      await cell(page, 1, 'cost').focus();
      await page.keyboard.type('cheap');
      await page.keyboard.press('Tab');
      await cell(page, 1, 'cost').getByText('It is not a number').waitFor();
      expect(await page.locator('.cell-editor input:focus').count()).toBe(1);
      await cell(page, 2, 'weight').click();
      await cell(page, 1, 'cost').getByText('cheap').waitFor();
      expect(await focusedCell(page)).toBe(`${ids[2]} weight`);
      expect(await cell(page, 1, 'cost').innerText()).toContain('It is not a number');
      await cell(page, 1, 'cost').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.cell-editor input').inputValue()).toBe('cheap');
      await page.locator('.cell-editor input').fill('11');
      // A press leaves the cell, and is not lost although the row becomes lower.
      await page.getByRole('button', { name: `Edit ${names[2]}` }).click();
      await page.getByRole('dialog', { name: 'Correct product' }).waitFor();
      await untilIs(ids[1]!, 'cost', '11.0000');
      await page.keyboard.press('Escape');
    });

    test('reads numbers as a German writes them, and asks where one could be two', async () => {
      const { page, context, complaints } = await look({ locale: 'de-DE' });
      await cell(page, 2, 'weight').focus();
      await page.keyboard.type('0,25');
      await page.keyboard.press('Enter');
      await untilIs(ids[2]!, 'weight', '0.250');
      await cell(page, 2, 'cost').focus();
      await page.keyboard.type('1.250');
      await page.keyboard.press('Enter');
      await cell(page, 2, 'cost').getByText('This can be two numbers').waitFor();
      await expectAccessible(page, 'table.products');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await untilIs(ids[2]!, 'cost', '1250.0000');
      expect(await focusedCell(page)).toBe(`${ids[2]} cost`);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('shows what somebody else changed meanwhile, and overwrites nothing unseen', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Refresh' }).click();
      await eventually(async () =>
        (await cell(page, 2, 'cost').innerText()) === '€1,250.00' ? true : undefined,
      );
      await cell(page, 2, 'cost').focus();
      await page.keyboard.press('Enter');
      await correct(ids[2]!, { cost: '77', weight: '0.3' });
      await page.keyboard.type('88');
      await page.keyboard.press('Enter');
      const conflict = page.getByRole('dialog').getByRole('group', { name: 'Conflict' });
      await conflict.waitFor();
      expect(await conflict.getByRole('row', { name: 'Cost' }).innerText()).toMatch(/77\s+88/);
      await expectAccessible(page, 'dialog');
      await page.keyboard.press('Escape');
      await cell(page, 2, 'cost').locator('.field-error').waitFor();
      expect((await productOf(ids[2]!)).cost).toBe('77.0000');
      await correct(ids[2]!, { weight: '0.4' });
      await cell(page, 2, 'cost').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('.cell-editor input').inputValue()).toBe('88');
      await page.keyboard.press('Enter');
      await conflict.getByRole('button', { name: 'Go on with mine' }).click();
      await untilIs(ids[2]!, 'cost', '88.0000');
      expect((await productOf(ids[2]!)).weight).toBe('0.400');
      await cell(page, 2, 'weight').getByText('0.400 kg').waitFor();
    });

    test('edits no retired product', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: `Retire ${names[0]}` }).click();
      await page.getByRole('button', { name: `Restore ${names[0]}` }).waitFor();
      expect(await cell(page, 0, 'cost').getAttribute('aria-readonly')).toBe('true');
      await cell(page, 0, 'cost').focus();
      await page.keyboard.press('Enter');
      await page.getByText(`${names[0]} is retired: restore it before you edit it.`).first().waitFor();
      expect(await page.locator('.cell-editor').count()).toBe(0);
      await page.getByRole('button', { name: `Restore ${names[0]}` }).click();
      await page.getByRole('button', { name: `Retire ${names[0]}` }).waitFor();
    });

    test('edits with a second tap on a phone, no wider than its window', async () => {
      const { page, context } = await look({ viewport: { width: 390, height: 780 }, hasTouch: true });
      await cell(page, 1, 'cost').tap();
      expect(await page.locator('.cell-editor').count()).toBe(0);
      await cell(page, 1, 'cost').tap();
      await page.locator('.cell-editor input').fill('1,250');
      await page.keyboard.press('Enter');
      await cell(page, 1, 'cost').getByText('This can be two numbers').waitFor();
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await context.close();
    });

    test('puts a copied column over the products from a cell on, by its rows, once the preview was seen', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Refresh' }).click();
      await cell(page, 0, 'cost').focus();
      await paste(page, '21,5\r\n1.250\r\nfree\r\n');
      const dialog = page.getByRole('dialog', { name: 'Pasted rows' });
      const issues = dialog.getByRole('region', { name: 'Values that are not valid' }).getByRole('row');
      await issues.nth(1).waitFor();
      expect(await issues.nth(1).innerText()).toMatch(/^3\s+cost\s+free/);
      expect(await issues.count()).toBe(2);
      expect(await dialog.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      await eventually(async () => ((await focusedCell(page)) === `${ids[0]} cost` ? true : undefined));
      await paste(page, '1.250\r\n22\r\n');
      await issues.nth(1).waitFor();
      expect(await issues.nth(1).innerText()).toMatch(/^1\s+cost\s+1\.250\s+.*1\.25 or 1250/);
      await dialog.locator('.segmented label', { hasText: 'A comma' }).click();
      const changes = dialog.getByRole('region', { name: 'What is added and changed' }).getByRole('row');
      await changes.nth(2).waitFor();
      expect(await changes.nth(1).innerText()).toMatch(
        /^1\s+Change\s+Grid A\s+Gridwork\s+€10.00 €1,250.00\s/,
      );
      await expectAccessible(page, 'dialog');
      await correct(ids[0]!, { cost: '66' });
      await dialog.getByRole('button', { name: 'Import 2 rows' }).click();
      await issues.getByText('Somebody changed the product since it was read.').waitFor();
      expect([(await productOf(ids[0]!)).cost, (await productOf(ids[1]!)).cost]).toEqual([
        '66.0000',
        '11.0000',
      ]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Refresh' }).click();
      await cell(page, 0, 'cost').getByText('€66.00').waitFor();
      await cell(page, 0, 'cost').focus();
      await paste(page, '1.250\r\n22,0\r\n');
      await dialog.getByRole('button', { name: 'Import 2 rows' }).click();
      await dialog.waitFor({ state: 'detached' });
      await cell(page, 0, 'cost').getByText('€1,250.00').waitFor();
      expect(await productOf(ids[1]!)).toMatchObject({ cost: '22.0000', name: names[1], weight: '0.500' });
    });

    test('asks whether four columns at a name are new products, and begins an edit with a single value', async () => {
      const { page } = visitor;
      await cell(page, 1, 'name').focus();
      await paste(page, `Grid D\t${manufacturer}\t5\t1\n`);
      const dialog = page.getByRole('dialog', { name: 'Pasted rows' });
      const change = dialog
        .getByRole('region', { name: 'What is added and changed' })
        .getByRole('row')
        .nth(1);
      await change.getByText('Add', { exact: true }).waitFor();
      await dialog.locator('.segmented label', { hasText: 'Over the products' }).click();
      await change.getByText('Change', { exact: true }).waitFor();
      expect(await change.innerText()).toMatch(/Grid B Grid D/);
      await page.keyboard.press('Escape');
      await cell(page, 1, 'cost').focus();
      await paste(page, '23.5\r\n');
      expect(await page.locator('.cell-editor input').inputValue()).toBe('23.5');
      await page.keyboard.press('Escape');
    });

    test('takes copied rows in the import dialog, with or without the names of the columns', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Import' }).click();
      const dialog = page.getByRole('dialog', { name: 'Import products' });
      await dialog.getByLabel('Or rows copied from a spreadsheet').focus();
      await paste(page, 'Cost\tName\r\n1\tx\r\n');
      await dialog.getByText('manufacturer, weight is missing').first().waitFor();
      await page.keyboard.press('ControlOrMeta+a');
      await paste(page, `Grid E\t${manufacturer}\t5,5\t1\r\nGrid F\t${manufacturer}\t6,25\t2\r\n`);
      const changes = dialog.getByRole('region', { name: 'What is added and changed' }).getByRole('row');
      await changes.nth(2).waitFor();
      expect(await changes.nth(2).innerText()).toMatch(/^2\s+Add\s+Grid F\s+Gridwork\s+€6\.25\s+2\.000 kg/);
      await expectAccessible(page, 'dialog');
      await dialog.getByRole('button', { name: 'Import 2 rows' }).click();
      await page.locator('tr[data-product]', { hasText: 'Grid F' }).waitFor();
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
