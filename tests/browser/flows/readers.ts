import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleImage } from '../../support/sample-images.ts';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';

/** The engineer on call stops what reads a hub, and lets it go on. */
export function readersFlow(given: GivenNow): void {
  describe('the readers of the hubs', () => {
    let visitor: Visit;
    const row = (hub: string) => visitor.page.locator(`[data-reader="${hub}"]`);

    beforeAll(async () => {
      visitor = await visit(given().browser, given().stack.endpoints.api, 'engineering', '/operations');
    });
    afterAll(() => visitor.context.close());

    test('are paused after a dry run and a reason, and the page says who and why', async () => {
      const { page } = visitor;
      await row('image-processing').getByRole('button', { name: 'Pause …' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Nothing is done yet. This would happen:').waitFor();
      expect(await row('image-processing').getAttribute('data-paused')).toBe('false');
      const now = dialog.getByRole('button', { name: 'Pause now' });
      expect(await now.isDisabled()).toBe(true);
      await expectAccessible(page, 'dialog');
      await dialog.getByLabel('Why; this is recorded with your name').fill('the release of noon');
      await now.click();
      await dialog.getByRole('heading', { name: 'Pause the reader of image-processing: done' }).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await row('image-processing').getByText('Paused', { exact: true }).waitFor();
      expect(await row('image-processing').innerText()).toMatch(/since .* by you: the release of noon/);
      await expectAccessible(page, '[aria-label="Readers"]');
    });

    test('leave an upload waiting until they are resumed, and then it is processed', async () => {
      const { page } = visitor;
      const response = await given().stack.call('uploader', '/images', {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: new Uint8Array(await sampleImage('png', 64, 64)),
      });
      const { images } = (await response.json()) as { images: { id: string }[] };
      const { id } = images[0]!;
      const group = page
        .locator('.group')
        .filter({ has: page.getByText('image-processing', { exact: true }) });
      await eventually(
        async () =>
          (await group.locator('.badge').first().innerText()).startsWith('1 waiting') ? true : undefined,
        { within: 30_000 },
      );
      const dialog = page.getByRole('dialog');
      await row('image-processing').getByRole('button', { name: 'Move …' }).click();
      await dialog.getByRole('radio', { name: 'End' }).check();
      await dialog.getByText('1 skipped and never processed').waitFor();
      await expectAccessible(page, 'dialog');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await row('image-processing').getByRole('button', { name: 'Resume …' }).click();
      await dialog.getByLabel('Why; this is recorded with your name').fill('rolled back');
      await dialog.getByRole('button', { name: 'Resume now' }).click();
      await dialog.getByRole('heading', { name: 'Resume the reader of image-processing: done' }).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await row('image-processing').getByText('Reads').waitFor();
      expect((await given().stack.outcome(id)).status).toBe('processed');
    });

    test('keep what was done, with who and why', async () => {
      const { page } = visitor;
      await page.getByText('What was done', { exact: true }).click();
      const changes = page.getByRole('region', { name: 'What was done to readers' });
      for (const text of ['the release of noon', 'rolled back']) {
        const line = changes.getByRole('row').filter({ hasText: text });
        expect(await line.innerText()).toContain('you');
      }
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
