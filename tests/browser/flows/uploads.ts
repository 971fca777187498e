import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { jpegPhoto } from '../../support/photos.ts';
import type { GivenNow } from '../support/given.ts';
import { keptCount } from '../support/kept-files.ts';
import { noisyPhoto } from '../support/noise.ts';
import { visit, type Visit } from '../support/visit.ts';

const usual = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

/** Bytes a second: a phone on a train. */
const slow = { uploadThroughput: 400_000 };

/** Uploads over a connection that is slow, goes away and comes back. */
export function uploadsFlow(given: GivenNow): void {
  describe('uploads of the console', () => {
    let visitor: Visit;
    const row = (name: string) => visitor.page.locator('.upload-row', { hasText: name });
    const choose = (...files: readonly (readonly [name: string, buffer: Buffer])[]) =>
      visitor.page.setInputFiles(
        'input[type=file]',
        files.map(([name, buffer]) => ({ name, buffer, mimeType: 'image/jpeg' })),
      );
    let network: (conditions: Partial<typeof usual>) => Promise<unknown>;
    const imagesOf = async () => {
      const { images } = (await (await given().stack.call('uploader', '/images?limit=200')).json()) as {
        images: { id: string; sha256: string }[];
      };
      return images;
    };

    beforeAll(async () => {
      visitor = await visit(given().browser, given().stack.endpoints.api, 'uploader', '/images');
      const session = await visitor.context.newCDPSession(visitor.page);
      network = (conditions) => session.send('Network.emulateNetworkConditions', { ...usual, ...conditions });
    });
    afterAll(() => visitor.context.close());

    test('pause and go on, also through a spell without a connection, and arrive byte for byte', async () => {
      const { page } = visitor;
      const photo = await noisyPhoto(2000, 1500);
      await network(slow);
      await choose(['train.jpg', photo]);
      await row('train.jpg')
        .getByText(/[1-9] %/)
        .waitFor();
      await page.getByRole('button', { name: 'Pause train.jpg' }).click();
      await row('train.jpg').getByText('Paused').waitFor();
      expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Go on with train.jpg');
      await network({ offline: true });
      await page.getByRole('button', { name: 'Go on with train.jpg' }).click();
      await row('train.jpg').getByText('No connection').waitFor();
      await network(usual);
      await row('train.jpg').getByText('Ready').waitFor();
      const id = (await row('train.jpg').getByRole('link').getAttribute('href'))!.split('/').at(-1)!;
      const raw = await given().stack.call('uploader', `/images/${id}/raw`);
      const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      expect(digest(new Uint8Array(await raw.arrayBuffer()))).toBe(digest(photo));
    });

    test('can be cancelled, and nothing of one is left', async () => {
      const before = (await imagesOf()).length;
      await network(slow);
      const gone = visitor.page.waitForResponse((one) => one.request().method() === 'DELETE');
      await choose(['mistake.jpg', await noisyPhoto(1100, 900)]);
      await row('mistake.jpg')
        .getByText(/[1-9] %/)
        .waitFor();
      await visitor.page.getByRole('button', { name: 'Cancel mistake.jpg' }).click();
      await row('mistake.jpg').getByText('Cancelled').waitFor();
      expect((await gone).status()).toBe(204);
      await network(usual);
      expect(await imagesOf()).toHaveLength(before);
    });

    test('stay in sight on every page, and are paused and gone on with together', async () => {
      const { page } = visitor;
      await network(slow);
      const names = Array.from({ length: 5 }, (_, index) => `together-${index}.jpg`);
      await choose(
        ...(await Promise.all(names.map(async (name) => [name, await noisyPhoto(900, 700)] as const))),
      );
      await row('together-0.jpg')
        .getByText(/[1-9] %/)
        .waitFor();
      await page.locator('.grid-item a').first().click();
      await page.getByRole('dialog').getByRole('link', { name: 'Details' }).click();
      await page.getByRole('link', { name: 'All images' }).waitFor();
      await page.getByRole('button', { name: 'Pause all' }).click();
      for (const name of names) await row(name).getByText('Paused').waitFor();
      await network(usual);
      await page.getByRole('button', { name: 'Go on with all' }).click();
      for (const name of names) await row(name).getByText('Ready').waitFor();
      await page.getByRole('link', { name: 'All images' }).click();
    });

    test('of a HEIC of 12 megapixels and of 97 MB just work', async () => {
      const folder = await mkdtemp(`${tmpdir()}/darkroom-big-`);
      const side = 5_700;
      const bitmap = Buffer.alloc(54 + 3 * side * side, 0x80);
      bitmap.write('BM');
      for (const [at, value] of [
        [2, bitmap.length],
        [6, 0],
        [10, 54],
        [14, 40],
        [18, side],
        [22, side],
      ] as const)
        bitmap.writeUInt32LE(value, at);
      for (const [at, value] of [
        [26, 1 + (24 << 16)],
        [30, 0],
        [34, 0],
        [38, 0],
        [42, 0],
        [46, 0],
        [50, 0],
      ] as const)
        bitmap.writeUInt32LE(value, at);
      await writeFile(`${folder}/large.bmp`, bitmap);
      await visitor.page.setInputFiles('input[type=file]', [
        'tests/fixtures/images/12-megapixels.heic',
        `${folder}/large.bmp`,
      ]);
      for (const name of ['12-megapixels.heic', 'large.bmp'])
        await row(name).getByText('Ready').waitFor({ timeout: 90_000 });
      await rm(folder, { recursive: true });
    });

    test('are sent again only where they failed', async () => {
      const { page } = visitor;
      const before = (await imagesOf()).length;
      const named = Buffer.from('unlucky.jpg').toString('base64');
      const sent: string[] = [];
      page.on('request', (request) => {
        const metadata = request.headers()['upload-metadata'];
        if (metadata !== undefined) sent.push(metadata.includes(named) ? 'unlucky' : 'lucky');
      });
      await page.route('**/api/uploads', (route) =>
        route.request().headers()['upload-metadata']?.includes(named) ? route.abort() : route.continue(),
      );
      await choose(
        ['lucky.jpg', await jpegPhoto(300, 200, 51)],
        ['unlucky.jpg', await jpegPhoto(300, 200, 52)],
      );
      await row('lucky.jpg').filter({ hasNotText: 'unlucky' }).getByText('Ready').waitFor();
      await row('unlucky.jpg').getByText('Not sent').waitFor();
      await page.unroute('**/api/uploads');
      sent.length = 0;
      await page.getByRole('button', { name: 'Send 1 again' }).click();
      await row('unlucky.jpg').getByText('Ready').waitFor();
      expect(sent).toEqual(['unlucky']);
      await eventually(async () => ((await imagesOf()).length === before + 2 ? true : undefined));
    });

    test('keep their state over a reload: paused stays paused, half-sent goes on from there, failed is sent again', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Clear finished' }).click();
      const begun: string[] = [];
      page.on('request', (request) => {
        const metadata = request.headers()['upload-metadata'];
        if (request.method() === 'POST' && metadata !== undefined)
          begun.push(Buffer.from(/filename ([^,]*)/.exec(metadata)![1]!, 'base64').toString());
      });
      const failing = Buffer.from('failed.jpg').toString('base64');
      await page.route('**/api/uploads', (route) =>
        route.request().headers()['upload-metadata']?.includes(failing) ? route.abort() : route.continue(),
      );
      await choose(['failed.jpg', await jpegPhoto(300, 200, 53)]);
      await row('failed.jpg').getByText('Not sent').waitFor();
      await page.unroute('**/api/uploads');
      // None of them is over before the page goes, whatever else the machine does.
      await network({ uploadThroughput: 60_000 });
      const held = ['held.jpg', 'regretted.jpg'];
      for (const name of [...held, 'half.jpg']) {
        await choose([name, await noisyPhoto(2000, 1500)]);
        await row(name)
          .getByText(/[1-9] %/)
          .waitFor();
        if (name === 'half.jpg') break;
        await page.getByRole('button', { name: `Pause ${name}` }).click();
        await row(name).getByText('Paused').waitFor();
      }
      const progress = row('held.jpg').getByRole('progressbar');
      const sent = await progress.getAttribute('value');
      await eventually(async () => ((await keptCount(page)) === 4 ? true : undefined));
      begun.length = 0;
      page.once('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await network(usual);
      await row('failed.jpg').getByText('Ready').waitFor();
      await row('half.jpg').getByText('Ready').waitFor();
      for (const name of held) await row(name).getByText('Paused').waitFor();
      expect(await progress.getAttribute('value')).toBe(sent);
      expect(begun).toEqual(['failed.jpg']);
      const gone = page.waitForResponse((one) => one.request().method() === 'DELETE');
      await page.getByRole('button', { name: 'Cancel regretted.jpg' }).click();
      expect((await gone).status()).toBe(204);
      await page.getByRole('button', { name: 'Go on with held.jpg' }).click();
      await row('held.jpg').getByText('Ready').waitFor();
      expect(begun).toEqual(['failed.jpg']);
      expect(await page.getByRole('region', { name: 'Unfinished uploads' }).count()).toBe(0);
    });

    test('of a dropped folder are all of its photos, and what is none is named', async () => {
      const { page } = visitor;
      const folder = await mkdtemp(`${tmpdir()}/darkroom-folder-`);
      await mkdir(`${folder}/deeper/still`, { recursive: true });
      await writeFile(`${folder}/folder-1.jpg`, await jpegPhoto(120, 80, 61));
      await writeFile(`${folder}/deeper/still/folder-2.jpg`, await jpegPhoto(120, 80, 62));
      await writeFile(`${folder}/deeper/notes.txt`, 'no photo');
      await writeFile(`${folder}/.DS_Store`, 'of the system');
      const session = await visitor.context.newCDPSession(page);
      const data = { items: [], files: [folder], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
      }
      await row('folder-1.jpg').getByText('Ready').waitFor();
      await row('folder-2.jpg').getByText('Ready').waitFor();
      await row('notes.txt').getByText('It is no photo').waitFor();
      expect(await row('.DS_Store').count()).toBe(0);
      await rm(folder, { recursive: true });
    });

    test('that wait are asked about before the page goes, and go on after it is loaded again', async () => {
      const { page } = visitor;
      await page.getByRole('button', { name: 'Clear finished' }).click();
      const before = new Set((await imagesOf()).map(({ id }) => id));
      const arrived = async () => (await imagesOf()).filter(({ id }) => !before.has(id)).length;
      await page.route('**/api/uploads', () => undefined);
      const names = Array.from({ length: 57 }, (_, index) => `waiting-${index + 10}.jpg`);
      await choose(
        ...(await Promise.all(
          names.map(async (name, index) => [name, await jpegPhoto(64, 48, 100 + index)] as const),
        )),
      );
      const rows = page.locator('.upload-row', { hasText: 'waiting-' });
      await eventually(async () => ((await rows.count()) === 57 ? true : undefined));
      await eventually(async () => ((await keptCount(page)) === 57 ? true : undefined));
      await page.getByRole('button', { name: 'Cancel all' }).click();
      await page.getByText('57 uploads cancelled.').first().waitFor();
      await eventually(async () => ((await keptCount(page)) === 0 ? true : undefined));
      await page.getByRole('button', { name: 'Undo' }).click();
      await eventually(async () => ((await keptCount(page)) === 57 ? true : undefined));
      const asked: string[] = [];
      page.once('dialog', (dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
      });
      await page.reload();
      expect(asked).toEqual(['beforeunload']);
      await eventually(async () => ((await rows.count()) === 57 ? true : undefined));
      expect(await rows.locator('.upload-name > span').allInnerTexts()).toEqual(names);

      const other = await visitor.context.newPage();
      await other.goto(page.url());
      await other.getByRole('button', { name: 'Sign out' }).waitFor();
      expect(await other.locator('.upload-row').count()).toBe(0);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('57 uploads are not finished').waitFor();
      await page.getByRole('button', { name: 'Stay signed in' }).click();

      // The files are begun anew, in the tab that is still there.
      page.once('dialog', (dialog) => void dialog.accept());
      await page.close({ runBeforeUnload: true });
      const over = other.locator('.upload-summary');
      await eventually(async () => ((await over.innerText()) === '57 of 57 done' ? true : undefined), {
        within: 90_000,
        every: 300,
      });
      expect(await keptCount(other)).toBe(0);
      await eventually(async () => ((await arrived()) === 57 ? true : undefined), {
        within: 60_000,
        every: 500,
      });
      await other.close();
    });

    test('said nothing in the console that they should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
