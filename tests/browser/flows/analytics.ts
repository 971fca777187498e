import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import type { Locator } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible, sidewaysOverflow } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';

const powerBi = fileURLToPath(new URL('../../../infra/power-bi/', import.meta.url));

interface Sums {
  readonly orders: number;
  readonly quantity: number;
  readonly totalPrice: string;
  readonly totalWeight: string;
}

interface Sales {
  readonly rows: readonly (Sums & { key: string; label: string })[];
  readonly totals: Sums;
}

interface MemberRow {
  readonly membership: string;
  readonly status: string;
  readonly members: number;
  readonly change: number;
}

interface ImageRow {
  readonly day: string;
  readonly images: number;
  readonly processed: number;
  readonly rejected: number;
  readonly failed: number;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const signed = (change: number): string => (change > 0 ? `+${change}` : String(change));

/** What a person reads as what the API wrote: no digit may be lost or added, trailing zeros aside. */
const plain = (text: string): string =>
  text
    .replace(' kg', '')
    .replace('€', '')
    .replace(/ (so far|in part)$/, '')
    .replaceAll(',', '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');

const asRead = ({ orders, quantity, totalPrice, totalWeight }: Sums): string[] =>
  [String(orders), String(quantity), totalPrice, totalWeight].map(plain);

/** Every figure on the page against the API. */
export function analyticsFlow(given: GivenNow): void {
  describe('the figures page', () => {
    let visitor: Visit;
    let days = { from: '', to: '' };
    const sales = async (by: string) =>
      (await (
        await given().stack.call('analytics', `/analytics/sales?from=${days.from}&to=${days.to}&by=${by}`)
      ).json()) as Sales;
    const read = async <T>(path: string): Promise<readonly T[]> =>
      ((await (await given().stack.call('analytics', path)).json()) as { rows: T[] }).rows;
    const downloaded = async (button: Locator): Promise<string> => {
      const [download] = await Promise.all([visitor.page.waitForEvent('download'), button.click()]);
      let text = '';
      for await (const chunk of await download.createReadStream()) text += String(chunk);
      return text;
    };
    const cells = async (selector: string) =>
      (await visitor.page.locator(selector).allInnerTexts()).map((text) => plain(text.trim()));

    beforeAll(async () => {
      const to = new Date().toISOString().slice(0, 10);
      days = { from: new Date(Date.parse(to) - 29 * 86_400_000).toISOString().slice(0, 10), to };
      visitor = await visit(
        given().browser,
        given().stack.endpoints.api,
        'analytics',
        `/analytics?from=${days.from}&to=${days.to}`,
      );
      await visitor.page.getByRole('region', { name: 'Sales by day' }).getByRole('row').nth(1).waitFor();
    });
    afterAll(() => visitor.context.close());

    test('shows totals and days to the digit of the API', async () => {
      const answer = await sales('day');
      expect(answer.rows.length).toBeGreaterThan(20);
      expect(await cells('[data-testid=sales-totals] .value')).toEqual(asRead(answer.totals));
      const table = '[aria-label="Sales by day"] table';
      expect(await cells(`${table} tbody tr td`)).toEqual(answer.rows.toReversed().flatMap(asRead));
      expect(await cells(`${table} tfoot td`)).toEqual(asRead(answer.totals));
    });

    test('draws the same figures that the table has', async () => {
      const plot = visitor.page.locator('[aria-label="Price of sales by day"] .u-over');
      await plot.waitFor();
      await plot.scrollIntoViewIfNeeded();
      const box = (await plot.boundingBox())!;
      const legend = visitor.page.locator('[aria-label="Price of sales by day"] .u-value').nth(1);
      const last = (await sales('day')).rows.at(-1)!;
      const read = await eventually(async () => {
        await visitor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await visitor.page.mouse.move(box.x + box.width - 4, box.y + box.height / 2);
        const text = plain(await legend.innerText());
        return text === '–' ? undefined : text;
      });
      expect(read).toBe(plain(last.totalPrice));
    });

    test('shows sales by product and by membership as the API has them', async () => {
      for (const by of ['product', 'membership']) {
        await visitor.page.locator('.segmented label', { hasText: new RegExp(`^${by}$`, 'i') }).click();
        const answer = await sales(by);
        const table = `[aria-label="Sales by ${by}"] table`;
        await visitor.page.locator(`${table} tbody tr`).first().waitFor();
        expect(await cells(`${table} tbody tr td`)).toEqual(answer.rows.flatMap(asRead));
      }
    });

    test('downloads what is shown, with the values as the API wrote them', async () => {
      const text = await downloaded(visitor.page.getByRole('button', { name: 'CSV' }).first());
      const { rows } = await sales('membership');
      const [heading, , ...lines] = text.trim().split('\r\n');
      expect(heading).toMatch(/role: Analytics; as of: [\d:.TZ-]+; rows: (\d+) of \1$/);
      expect(lines).toEqual(
        rows.map((row) => [row.label, row.orders, row.quantity, row.totalPrice, row.totalWeight].join(',')),
      );
    });

    test('shows members and images as the API has them, and says when a table does not hold every row', async () => {
      const year = {
        from: new Date(Date.parse(days.to) - 364 * 86_400_000).toISOString().slice(0, 10),
        to: days.to,
      };
      await visitor.page.getByRole('button', { name: 'Year' }).click();
      const [members, images] = await Promise.all([
        read<MemberRow>(`/analytics/membership?from=${year.from}&to=${year.to}`),
        read<ImageRow>(`/analytics/images?from=${year.from}&to=${year.to}`),
      ]);
      const panel = visitor.page.getByRole('region', { name: 'Members', exact: true });
      expect(members.length).toBeGreaterThan(400);
      await panel
        .getByText(`400 of ${members.length.toLocaleString('en-GB')} rows shown; the files have all of them`)
        .waitFor();
      const newest = members.toReversed().slice(0, 400);
      expect(await cells('[aria-label^="Members by day"] tbody td')).toEqual(
        newest.flatMap((row) => [
          capital(row.membership),
          capital(row.status),
          String(row.members),
          signed(row.change),
        ]),
      );
      const numbers = '[aria-label="Images by day and source"] tbody td.number';
      const counted = images
        .toReversed()
        .map((row) => [row.images, row.processed, row.rejected, row.failed].map(String));
      const shown = await cells(numbers);
      expect(counted.map((_, at) => shown.slice(at * 5, at * 5 + 4))).toEqual(counted);
      const firsts = visitor.page.locator('[aria-label="Images by day and source"] tbody th');
      const today = images.filter(({ day }) => day === images.at(-1)!.day);
      expect(await firsts.filter({ hasText: 'so far' }).count()).toBe(today.length);
      const text = await downloaded(panel.getByRole('button', { name: 'CSV' }));
      expect(text).toContain(`rows: ${members.length} of ${members.length}\r\n`);
      expect(text.trim().split('\r\n')).toHaveLength(members.length + 2);
    });

    test('says in the address what it shows, so that a reload and the way back show the same', async () => {
      const { page } = visitor;
      await page.goto(`${given().stack.endpoints.api}/analytics?from=${days.from}&to=${days.to}`);
      const choose = (name: string) =>
        page.locator('.segmented label', { hasText: new RegExp(`^${name}$`) }).click();
      await choose('Week');
      await choose('Weight');
      await choose('Period before');
      const table = page.getByRole('region', { name: 'Sales by week' });
      await table.getByRole('columnheader', { name: 'Weight before' }).waitFor();
      const shown = await table.innerText();
      expect(shown).toContain('so far');
      expect(new URL(page.url()).search).toContain('by=week&show=totalWeight&compare=before');
      await page.reload();
      await table.getByRole('columnheader', { name: 'Weight before' }).waitFor();
      expect(await table.innerText()).toBe(shown);
    });

    test('compares with the period before, to the digit of the API', async () => {
      const { page } = visitor;
      const before = {
        from: new Date(Date.parse(days.from) - 30 * 86_400_000).toISOString().slice(0, 10),
        to: new Date(Date.parse(days.from) - 86_400_000).toISOString().slice(0, 10),
      };
      const answer = (await (
        await given().stack.call('analytics', `/analytics/sales?from=${before.from}&to=${before.to}&by=week`)
      ).json()) as Sales;
      const foot = page.locator('[aria-label="Sales by week"] tfoot td').last();
      expect(plain(await foot.innerText())).toBe(plain(answer.totals.totalWeight));
      const note = await page.locator('[data-testid=sales-totals] .tile').last().innerText();
      expect(note).toMatch(/[+−-]?[\d.,]+% against/);
      await page.getByTestId('compared').waitFor();
    });

    test('saves what is shown as Parquet, with exact decimals', async () => {
      const { page } = visitor;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Parquet' }).first().click(),
      ]);
      const file = await download.path();
      const connection = await (await DuckDBInstance.create()).connect();
      const read = await connection.runAndReadAll(
        `SELECT "Week from"::text AS week, "Price"::text AS price, typeof("Price") AS type FROM read_parquet('${file}')`,
      );
      const { rows } = await sales('week');
      expect(read.getRowObjects()).toEqual(
        rows
          .toReversed()
          .map(({ key, totalPrice }) => ({ week: key, price: totalPrice, type: 'DECIMAL(19,4)' })),
      );
      connection.closeSync();
    });

    test('compares with the year before, to the digit of the API', async () => {
      const { page } = visitor;
      // A year without 29 February ends its February on the 28th.
      const yearBefore = (day: string) =>
        `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`.replace('-02-29', '-02-28');
      const before = { from: yearBefore(days.from), to: yearBefore(days.to) };
      await given().desk.placeOrder('a-year-ago', undefined, new Date(`${before.to}T12:00:00Z`));
      const answer = (await (
        await given().stack.call('analytics', `/analytics/sales?from=${before.from}&to=${before.to}&by=week`)
      ).json()) as Sales;
      expect(answer.totals.orders).toBeGreaterThan(0);
      await page.locator('.segmented label', { hasText: /^Year before$/ }).click();
      const table = page.getByRole('region', { name: 'Sales by week' });
      await eventually(async () =>
        plain(await table.locator('tfoot td').last().innerText()) === plain(answer.totals.totalWeight)
          ? true
          : undefined,
      );
      expect(new URL(page.url()).search).toContain('compare=year');
      const shown = await table.innerText();
      await page.reload();
      await table.getByRole('columnheader', { name: 'Weight before' }).waitFor();
      expect(await table.innerText()).toBe(shown);
    });

    test('leads to the Power BI project and to its dictionary, which says each column and measure of the model', async () => {
      const { page } = visitor;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Power BI project' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('darkroom-power-bi.zip');
      const zip = new AdmZip(await download.path());
      const files = (await readdir(powerBi, { recursive: true, withFileTypes: true })).filter(
        (entry) => entry.isFile() && entry.name !== '.gitignore',
      );
      expect(zip.getEntries()).toHaveLength(files.length);
      expect(zip.readAsText('Darkroom.pbip')).toBe(await readFile(`${powerBi}Darkroom.pbip`, 'utf8'));
      await page.getByRole('link', { name: 'Data dictionary' }).click();
      await page.getByRole('heading', { name: 'Data dictionary' }).waitFor();
      const tables = `${powerBi}Darkroom.SemanticModel/definition/tables/`;
      for (const file of await readdir(tables)) {
        const table = page.getByRole('region', {
          name: `Columns and measures of ${file.replace('.tmdl', '')}`,
        });
        const text = await readFile(tables + file, 'utf8');
        const named = [...text.matchAll(/^\t\/\/\/ (.*)\n\t(?:column|measure) ('[^']+'|\w+)/gm)];
        expect(await table.locator('tbody tr').count()).toBe(named.length);
        for (const [at, [, about = '', name = '']] of named.entries()) {
          const row = await table.locator('tbody tr').nth(at).innerText();
          expect(row.replaceAll('\u200b', '')).toContain(name.replaceAll("'", ''));
          expect(row).toContain(about);
        }
      }
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 780 });
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 320, height: 215 });
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
