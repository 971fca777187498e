import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import pg from 'pg';
import type { Download } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { jpegPhoto } from '../../support/photos.ts';
import { expectAccessible, sidewaysOverflow } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';

/** Two are called the same, one is no name for a file on Windows, one is Arabic, one turns its direction. */
const names = ['same.jpg', 'SAME.jpg', 'con.jpg', 'a:b?.jpg', 'صورة.jpg', 'last.jpg'] as const;

/** As an uploader: images chosen, saved as a ZIP, looked at one after the other, erased and not. */
export function galleryFlow(given: GivenNow): void {
  describe('the gallery', () => {
    let visitor: Visit;
    const photos = new Map<string, Buffer>();
    const tile = (name: string) => visitor.page.locator('.grid-item', { hasText: name });
    const bar = () => visitor.page.getByRole('region', { name: 'Chosen images' });
    const lightbox = () => visitor.page.getByRole('dialog');
    const filesOf = async (download: Download): Promise<Readonly<Record<string, Buffer>>> =>
      Object.fromEntries(
        new AdmZip(await download.path()).getEntries().map((one) => [one.entryName, one.getData()]),
      );
    /** The tiles are laid out anew a moment after the window has another width. */
    const fits = () =>
      eventually(async () => (Number(await sidewaysOverflow(visitor.page)) <= 0 ? true : undefined));
    const press = (key: string) => visitor.page.keyboard.press(key);

    beforeAll(async () => {
      visitor = await visit(given().browser, given().stack.endpoints.api, 'uploader2', '/images');
      for (const [index, name] of names.entries()) {
        const photo = await jpegPhoto(160, 120, 300 + index);
        photos.set(name, photo);
        const body = new FormData();
        body.append('file', new Blob([Uint8Array.from(photo)], { type: 'image/jpeg' }), name);
        const answer = await given().stack.call('uploader2', '/images', { method: 'POST', body });
        expect(answer.status).toBe(202);
      }
      await eventually(
        async () =>
          (await visitor.page.locator('.picture img.shown').count()) >= names.length ? true : undefined,
        { within: 60_000, every: 300 },
      );
    });
    afterAll(async () => {
      await visitor.context.close();
      const answer = await given().stack.call('uploader2', '/images?limit=200');
      const { images } = (await answer.json()) as { images: { id: string }[] };
      for (const { id } of images)
        await given().stack.call('uploader2', `/images/${id}`, { method: 'DELETE' });
    });

    test('shows each file by its name', async () => {
      for (const name of names) expect(await tile(name).count()).toBeGreaterThan(0);
      await expectAccessible(visitor.page);
    });

    test('is chosen from by click, with Shift, by keyboard, and as a whole', async () => {
      const { page } = visitor;
      const boxes = page.getByRole('checkbox');
      await boxes.nth(0).check();
      await boxes.nth(2).click({ modifiers: ['Shift'] });
      await bar().getByText('3 images chosen').waitFor();
      await expectAccessible(page, '.selection-bar');
      await page.locator('.grid-item a').nth(2).focus();
      await press('Escape');
      expect(await bar().count()).toBe(0);
      await press('ArrowRight');
      await press(' ');
      await press('Shift+ArrowRight');
      await bar().getByText('2 images chosen').waitFor();
      await press('Control+a');
      await bar()
        .getByText(`${await page.locator('.grid-item').count()} images chosen`)
        .waitFor();
      await bar().getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('button', { name: 'Choose all' }).click();
      await bar().getByText('images chosen').waitFor();
      await page.setViewportSize({ width: 390, height: 780 });
      await fits();
      await page.setViewportSize({ width: 1280, height: 720 });
      await bar().getByRole('button', { name: 'Clear' }).click();
    });

    test('saves what is chosen as a ZIP, byte for byte, and names in it what did not come', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Choose all' }).click();
      await bar().getByText(`${names.length} images chosen`).waitFor();
      const href = (await tile('last.jpg').getByRole('link').getAttribute('href'))!;
      let tries = 0;
      await page.route(`**/api${href}/raw?**`, (route) => {
        tries += 1;
        return route.fulfill({ status: 500, body: '' });
      });
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 60_000 }),
        bar().getByRole('button', { name: 'Save as ZIP' }).click(),
      ]);
      const files = await filesOf(download);
      expect(tries).toBe(4);
      const found = Object.keys(files).map((name) => name.toLowerCase());
      const wanted = ['_con.jpg', 'a_b_.jpg', 'missing files.txt', 'same (2).jpg', 'same.jpg', 'صورة.jpg'];
      expect(found.sort()).toEqual(wanted);
      expect(files['صورة.jpg']!.equals(photos.get('صورة.jpg')!)).toBe(true);
      expect(files['MISSING FILES.txt']!.toString()).toContain('last.jpg: The service answered 500.');
      const card = page.getByRole('region', { name: /^ZIP/ });
      await card.getByText('has 5 of 6 images').waitFor();
      await card.getByText('1 missing.').waitFor();
      await page.unroute(`**/api${href}/raw?**`);
      await expectAccessible(page, '.work-cards');
      await card.getByRole('button', { name: 'Dismiss' }).click();
      await bar().getByRole('button', { name: 'Clear' }).click();
    });

    test('goes through its images large, by keys', async () => {
      const { page } = visitor;
      const place = lightbox().locator('.lightbox-place');
      await page.locator('.grid-item a').first().click();
      const [first, of] = (await place.innerText()).split(' of ');
      expect(first).toBe('1');
      await press('ArrowRight');
      expect(await place.innerText()).toBe(`2 of ${of}`);
      await press('End');
      expect(await place.innerText()).toBe(`${of} of ${of}`);
      await press('Home');
      await lightbox().locator('.big-picture img').waitFor();
      await expectAccessible(page, 'dialog');
      await page.setViewportSize({ width: 390, height: 780 });
      await fits();
      await page.setViewportSize({ width: 1280, height: 720 });
      await press('Escape');
      await lightbox().waitFor({ state: 'detached' });
    });

    test('erases after ten seconds, in which it is taken back on any page, and shows the receipt', async () => {
      const { page } = visitor;
      const deleted: string[] = [];
      page.on('request', (one) => one.method() === 'DELETE' && deleted.push(one.url()));
      const card = page.getByRole('region', { name: 'Erasure' });
      await tile('con.jpg').getByRole('checkbox').check();
      await tile('a:b?.jpg').getByRole('checkbox').check();
      await bar().getByRole('button', { name: 'Erase' }).click();
      await card.getByText(/2 images will be erased in \d+ s/).waitFor();
      await tile('last.jpg').getByRole('link').click();
      await lightbox().getByRole('link', { name: 'Details' }).click();
      await page.getByRole('heading', { name: 'last.jpg' }).waitFor();
      await card.getByRole('button', { name: 'Take back' }).click();
      await page.getByRole('link', { name: 'All images' }).click();
      await tile('con.jpg').getByRole('checkbox').check();
      await tile('a:b?.jpg').getByRole('checkbox').check();
      expect(deleted).toEqual([]);
      await bar().getByRole('button', { name: 'Erase' }).click();
      await card.getByText('2 images are erased.').waitFor({ timeout: 40_000 });
      // A receipt is complete with the checkpoint after its erasure: the timer's next one, or one that is asked for.
      await given().stack.runTimer('ledgerCheckpoint');
      expect(deleted.length).toBe(2);
      expect(await tile('con.jpg').count()).toBe(0);
      await expectAccessible(page, '.work-cards');
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 90_000 }),
        card.getByRole('button', { name: 'Save receipts' }).click(),
      ]);
      const receipts = Object.values(await filesOf(download)).map(
        (bytes) => JSON.parse(bytes.toString()) as { status: string },
      );
      expect(receipts.map(({ status }) => status)).toEqual(['complete', 'complete']);
      await card.getByRole('button', { name: 'Dismiss' }).click();
      await tile('صورة.jpg').getByRole('link').click();
      await press('Delete');
      await lightbox().getByRole('heading', { name: 'Receipt of the erasure' }).waitFor({ timeout: 40_000 });
      await press('Escape');
    });

    test('tells a day before images go, with one button that saves all of them', async () => {
      const { page } = visitor;
      const client = new pg.Client(given().stack.databaseOwner());
      await client.connect();
      const { rowCount } = await client.query(
        `UPDATE imaging.images SET uploaded_at = now() - interval '148 hours', delete_at = now() + interval '20 hours'
         WHERE file_name IN ('same.jpg', 'last.jpg')`,
      );
      await client.end();
      expect(rowCount).toBe(2);
      await page.reload();
      const notice = page.getByRole('region', { name: 'Erased within a day' });
      await notice.getByText('2 images are erased within a day').waitFor();
      await expectAccessible(page, '.notice');
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 60_000 }),
        notice.getByRole('button', { name: 'Save all as ZIP' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^darkroom-last-day-\d{4}-\d\d-\d\d\.zip$/);
      const files = await filesOf(download);
      expect(Object.keys(files).sort()).toEqual(['last.jpg', 'same.jpg']);
      for (const [name, bytes] of Object.entries(files)) expect(bytes.equals(photos.get(name)!)).toBe(true);
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
