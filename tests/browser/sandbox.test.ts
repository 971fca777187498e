import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ImageDetail } from '../../client/api-types.ts';
import { darkroom } from '../pipeline/support/cli.ts';
import { startPatience, startTestStack, type TestStack } from '../pipeline/support/stack.ts';
import { jpegPhoto } from '../support/photos.ts';
import { plantedCandidate } from '../support/planted-candidate.ts';
import { suiteUnless } from '../support/skip-unless.ts';
import { expectAccessible, sidewaysOverflow } from './support/axe.ts';
import { launchChromium, missingChromium } from './support/chromium.ts';
import { visit, type Visit } from './support/visit.ts';

jest.setTimeout(300_000);

/** The machine may do other things too. */
const patience = 120_000;

suiteUnless(missingChromium)('the sandbox, with a candidate that is worse on wide pictures', () => {
  let releases: string;
  let stack: TestStack;
  let browser: Browser;
  let engineer: Visit;
  let page: Page;
  const images: string[] = [];
  let wide: string;

  /** For whoever wants to look: DARKROOM_SHOTS names a folder. */
  const shot = async (name: string) => {
    const folder = process.env['DARKROOM_SHOTS'];
    if (folder === undefined) return;
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };
  async function upload(photo: Uint8Array): Promise<string> {
    const headers = { 'content-type': 'image/jpeg' };
    const response = await stack.call('uploader', '/images', {
      ...{ method: 'POST', headers, body: new Uint8Array(photo) },
    });
    const [image] = ((await response.json()) as { images: { id: string }[] }).images;
    await stack.outcome(image!.id, patience);
    return image!.id;
  }
  const section = (name: string) => page.getByRole('region', { name, exact: true });
  const variant = (name: string) =>
    page.locator('.tried-variant').filter({ has: page.getByRole('heading', { name, exact: true }) });

  beforeAll(async () => {
    releases = await mkdtemp(join(tmpdir(), 'darkroom-releases-'));
    await symlink(resolve('node_modules'), join(releases, 'node_modules'));
    [stack, browser] = await Promise.all([
      startTestStack({ outdir: join(releases, 'dist') }),
      launchChromium(),
    ]);
    images.push(await upload(await jpegPhoto(600, 400, 1)), await upload(await jpegPhoto(400, 600, 2)));
    wide = await upload(await jpegPhoto(900, 300, 3));
    images.push(wide, await upload(await jpegPhoto(500, 500, 4)));
    engineer = await visit(browser, stack.endpoints.api, 'engineering', '/operations');
    page = engineer.page;
    page.setDefaultTimeout(patience);
  }, startPatience);
  afterAll(async () => {
    await browser.close();
    await stack.stop();
    await rm(releases, { recursive: true, force: true });
  }, 60_000);

  test('is one click from the overview, says how to deploy a candidate, and shows what is released', async () => {
    await page.getByRole('link', { name: 'Sandbox' }).click();
    await section('Candidates').getByText('No candidate is deployed').waitFor();
    await page.getByLabel('Photo to try').setInputFiles({
      ...{ name: 'lake.jpg', mimeType: 'image/jpeg', buffer: await jpegPhoto(900, 600) },
    });
    await variant('web').getByRole('img', { name: 'web, released' }).waitFor();
    expect(await variant('web').innerText()).toMatch(/900 × 600[^]*kB[^]*ms/);
    expect(await page.getByRole('img', { name: 'web, candidate' }).count()).toBe(0);
    await shot('released-only');
  });

  test('shows both versions of a dropped photo with sizes and times once a candidate is deployed', async () => {
    await stack.deploy([plantedCandidate]);
    await page.reload();
    await section('Candidates').getByText('released 1 → candidate 2').waitFor();
    const bytes = (await jpegPhoto(900, 600)).toString('base64');
    const drop = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob('${bytes}'), (one) => one.charCodeAt(0));
      transfer.items.add(new File([bytes], 'lake.jpg', { type: 'image/jpeg' }));
      return transfer;
    })()`);
    await page.dispatchEvent('body', 'drop', { dataTransfer: drop });
    const web = variant('web');
    for (const side of ['released', 'candidate']) {
      const picture = web.getByRole('img', { name: `web, ${side}` });
      await picture.waitFor();
      expect(
        await picture.evaluate((image) => {
          const { naturalWidth, naturalHeight } = image as unknown as {
            naturalWidth: number;
            naturalHeight: number;
          };
          return [naturalWidth, naturalHeight];
        }),
      ).toEqual([900, 600]);
    }
    expect(await web.innerText()).toMatch(
      /differs[^]*SSIM 0\.\d{4}[^]*Released 1[^]*kB[^]*ms[^]*Candidate 2[^]*kB[^]*ms/,
    );
    expect(await variant('thumbnail').innerText()).toContain('the same');
    await expectAccessible(page);
    await shot('side-by-side');
  });

  test('lays the candidate over the released picture, by keyboard too', async () => {
    await page.getByRole('radio', { name: 'Slider' }).check();
    const slider = page.getByRole('slider', { name: /^web: released on the left/ });
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await slider.inputValue()).toBe('0');
    await page.keyboard.press('ArrowRight');
    const over = variant('web').locator('.slider-over');
    expect(
      await over.evaluate((image) => (image as unknown as { style: { clipPath: string } }).style.clipPath),
    ).toBe('inset(0px 0px 0px 1%)');
    await slider.fill('50');
    await expectAccessible(page);
    await shot('slider');
  });

  test('says what is wrong with a file that is no photo', async () => {
    await page.getByLabel('Photo to try').setInputFiles({
      ...{ name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear Sir or Madam,') },
    });
    await page.getByText('both fail').waitFor();
    expect(await section('Try a photo').innerText()).toContain('unsupported-type');
    await shot('no-photo');
  });

  test('shows the stored image first on which the candidate is worse, and leads to both pictures of it', async () => {
    const kept = async () =>
      Promise.all(
        images.map(
          async (id) => (await (await stack.call('engineering', `/images/${id}`)).json()) as ImageDetail,
        ),
      );
    const before = await kept();
    const run = section('Shadow run');
    await run.getByRole('button', { name: 'Start' }).click();
    await run.getByText('4 of 4 images').waitFor();
    await run.getByRole('button', { name: 'Start' }).waitFor();
    const rows = run.locator('tbody tr');
    expect(await rows.count()).toBe(4);
    expect(await rows.first().innerText()).toContain(wide.slice(0, 8));
    await expectAccessible(page);
    await shot('shadow');
    expect(
      (await kept()).map(({ variants, timeline }) => ({
        variants: variants.map(({ sha256 }) => sha256),
        timeline,
      })),
    ).toEqual(
      before.map(({ variants, timeline }) => ({ variants: variants.map(({ sha256 }) => sha256), timeline })),
    );
    await rows.first().getByRole('button', { name: 'Look at' }).click();
    await variant('web')
      .getByRole('img', { name: 'web, candidate' })
      .or(variant('web').getByRole('slider'))
      .first()
      .waitFor();
    expect(await section('Try a photo').innerText()).toContain(wide);
  });

  test('is stopped when somebody says so', async () => {
    let answered = 0;
    await page.route('**/sandbox/shadows', async (route) => {
      answered += 1;
      if (answered > 1) return;
      await route.continue();
    });
    const run = section('Shadow run');
    await run.getByRole('button', { name: 'Start' }).click();
    await run.getByText('1 of 4 images').waitFor();
    await run.getByRole('button', { name: 'Stop' }).click();
    await run.getByText('1 of 4 images, stopped').waitFor();
    await page.unroute('**/sandbox/shadows');
  });

  test('fits a phone, by day and by night', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
    await shot('phone');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('phone-dark');
    expect(engineer.complaints).toEqual([]);
  });

  test('is what the CLI prints, the worst first, and uploads are processed by the released version meanwhile', async () => {
    const { code, stdout } = await darkroom(stack, 'processor', 'shadow', '--last', '3', '--json');
    const found = JSON.parse(stdout) as { images: number; rows: { imageId: string; name: string }[] };
    expect([code, found.images]).toEqual([0, 3]);
    expect(found.rows[0]).toMatchObject({ imageId: wide, name: 'web' });
    const text = await darkroom(stack, 'processor', 'shadow', '--last', '1');
    expect(text.stdout).toMatch(/^web 1 → 2: 1 of 1 images compared\.\n[^]*web +differs +1 → 2 +0\.\d{4}/);
    const id = await upload(await jpegPhoto(300, 200, 9));
    const { variants } = (await (await stack.call('engineering', `/images/${id}`)).json()) as ImageDetail;
    expect(variants.find(({ name }) => name === 'web')?.processorVersion).toBe('1');
  });
});
