import { readFileSync } from 'node:fs';
import { checkReceipt } from '../../../shared/images/erase/ledger/check-receipt.ts';
import type { Receipt } from '../../../shared/images/erase/ledger/receipt.ts';
import { noteVerifier } from '../../../shared/images/erase/ledger/signed-note.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { sampleImage } from '../../support/sample-images.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';

/** As an uploader: several files, one of them no image, and what becomes of them. */
export function imagesFlow(given: GivenNow): void {
  describe('the images page', () => {
    let folder: string;
    let visitor: Visit;
    const file = (name: string) => `${folder}/${name}`;
    const row = (name: string) => visitor.page.locator('.upload-row', { hasText: name });
    const choose = (...names: string[]) =>
      visitor.page.setInputFiles(
        'input[type=file]',
        names.map((name) => file(name)),
      );

    beforeAll(async () => {
      folder = await mkdtemp(`${tmpdir()}/darkroom-browser-`);
      await writeFile(file('one.jpg'), await sampleImage('jpeg', 640, 480, 1));
      await writeFile(file('two.png'), await sampleImage('png', 320, 240, 2));
      await writeFile(file('three.webp'), await sampleImage('webp', 400, 300, 3));
      await writeFile(file('later.jpg'), await sampleImage('jpeg', 500, 400, 4));
      await writeFile(file('notes.jpg'), 'This is a letter, whatever its name says.');
      visitor = await visit(given().browser, given().stack.endpoints.api, 'uploader', '/images');
    });
    afterAll(async () => {
      await visitor.context.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('shows each file arrive, and says in its own row why one is refused', async () => {
      await choose('one.jpg', 'two.png', 'three.webp', 'notes.jpg');
      for (const name of ['one.jpg', 'two.png', 'three.webp']) {
        await row(name).getByText('Ready').waitFor();
      }
      await row('notes.jpg').getByText('Refused').waitFor();
      expect(await row('notes.jpg').innerText()).toContain('not those of an image type');
      const pictures = visitor.page.locator('.picture img.shown');
      await eventually(async () => ((await pictures.count()) === 3 ? true : undefined));
    });

    test('takes what is dropped anywhere on the page', async () => {
      const bytes = [...(await sampleImage('png', 90, 60, 5))];
      await visitor.page.evaluate(`
        const held = new DataTransfer();
        held.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'dropped.png', { type: 'image/png' }));
        const drag = (name) => document.querySelector('h1').dispatchEvent(
          new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: held }));
        drag('dragenter');
        drag('drop');`);
      await row('dropped.png').getByText('Ready').waitFor();
    });

    test('draws thumbnails over their blurhash, with status, source and the time left', async () => {
      const tile = visitor.page.getByRole('listitem').filter({ has: visitor.page.locator('.picture') });
      // The gallery hears of the newest after its row does.
      await tile.first().getByText('Ready').waitFor();
      const text = await tile.first().innerText();
      expect(text).toContain('Web');
      expect(text).toMatch(/^(7 d|6 d 23 h) left$/m);
      await eventually(async () =>
        (await visitor.page.locator('.picture canvas').count()) === 4 ? true : undefined,
      );
    });

    test('says that a picture is here already, links to it, and sends it only when told to', async () => {
      await choose('one.jpg');
      const again = row('one.jpg').last();
      await again.getByText('Duplicate').waitFor();
      expect(await again.getByRole('link', { name: 'Open' }).getAttribute('href')).toMatch(
        /^\/images\/[0-9a-f-]{36}$/,
      );
      await again.getByRole('button', { name: 'Upload anyway' }).click();
      await again.getByText('Ready').waitFor();
      const { images } = (await (await given().stack.call('uploader', '/images')).json()) as {
        images: unknown[];
      };
      expect(images).toHaveLength(5);
    });

    test('goes on after a reload where an upload was cut off', async () => {
      const { page } = visitor;
      await page.route('**/api/uploads/*', (route) =>
        route.request().method() === 'PATCH' ? route.abort() : route.continue(),
      );
      const created = page.waitForResponse((response) => response.url().endsWith('/api/uploads'));
      await choose('later.jpg');
      const location = (await created).headers()['location']!;
      // As in a browser that keeps no files: from others it goes on by itself, which the flow of uploads shows.
      await page.evaluate("indexedDB.deleteDatabase('darkroom.uploads')");
      await page.reload();
      await page.getByText('Not finished on an earlier visit').waitFor();
      await page.unroute('**/api/uploads/*');
      await choose('later.jpg');
      await row('later.jpg').getByText('Ready').waitFor();
      expect(await row('later.jpg').getByRole('link', { name: 'Open' }).getAttribute('href')).toBe(
        `/images/${location.split('/').at(-1)}`,
      );
    });

    test('tells everything of an image, and erases it after asking', async () => {
      const { page } = visitor;
      await page.locator('.grid-item', { hasText: 'later.jpg' }).getByRole('link').click();
      await page.getByRole('dialog').getByRole('link', { name: 'Details' }).click();
      const table = page.getByRole('table');
      for (const variant of ['preview', 'thumbnail', 'web', 'original']) {
        await table.getByRole('rowheader', { name: variant }).waitFor();
      }
      await page.getByText('Processed', { exact: true }).waitFor();
      await expectAccessible(page);
      const original = page.getByRole('link', { name: 'Download original' });
      const [download] = await Promise.all([page.waitForEvent('download'), original.click()]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(await sampleImage('jpeg', 500, 400, 4))).toBe(true);
      const id = page.url().split('/').at(-1)!;
      await page.getByRole('button', { name: 'Erase' }).click();
      await page.getByRole('button', { name: 'Erase for good' }).click();
      await page.getByRole('heading', { name: 'Receipt of the erasure' }).waitFor();
      expect((await given().stack.call('uploader', `/images/${id}`)).status).toBe(410);
      await expectAccessible(page);
      const receipt = page.getByRole('button', { name: 'Download receipt' });
      const [file] = await Promise.all([
        page.waitForEvent('download', { timeout: 60_000 }),
        receipt.click({ timeout: 60_000 }),
      ]);
      const key = await (await fetch(`${given().stack.endpoints.api}/api/ledger/key`)).text();
      const content = JSON.parse(readFileSync(await file.path(), 'utf8')) as Receipt;
      expect(checkReceipt(content, noteVerifier(key)).size).toBeGreaterThan(0);
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
