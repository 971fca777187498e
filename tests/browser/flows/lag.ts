import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sampleImage } from '../../support/sample-images.ts';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { startOtherApp } from '../support/other-app.ts';
import { visit, type Visit } from '../support/visit.ts';

/** An app whose images nobody processes, and whose storage then goes away. */
export function lagFlow(given: GivenNow): void {
  describe('the lag of a stream', () => {
    let app: Awaited<ReturnType<typeof startOtherApp>>;
    let visitor: Visit;
    const group = (hub: string) =>
      visitor.page.locator('.group').filter({ has: visitor.page.getByText(hub, { exact: true }) });

    beforeAll(async () => {
      const { stack, browser } = given();
      app = await startOtherApp(stack, ['upload', 'stream', 'read', 'operations']);
      const response = await fetch(`${app.api}/api/images`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await stack.token('uploader')}`, 'content-type': 'image/png' },
        body: new Uint8Array(await sampleImage('png', 64, 64)),
      });
      expect(response.status).toBe(202);
      visitor = await visit(browser, app.api, 'engineering', '/operations');
    });
    afterAll(async () => {
      await visitor.context.close();
      await app.stop();
    });

    test('says how much waits where nobody reads, and that the rest is up to date', async () => {
      await group('image-processing').getByText('Nobody reads it, 1 waiting').first().waitFor();
      expect(await group('image-processing').getAttribute('data-state')).toBe('no-consumer');
      await group('image-stream').getByText('Up to date').first().waitFor();
      await group('image-processing').locator('summary').click();
      const waiting = group('image-processing')
        .getByRole('row')
        .filter({ hasText: 'Nobody reads it, 1 waiting' });
      expect(await waiting.getByRole('cell').nth(2).innerText()).toBe('none');
      await expectAccessible(visitor.page, '.group');
    });

    test('is not measurable, by its name and without a number, when the checkpoints cannot be read', async () => {
      await app.stopStorage();
      const badges = visitor.page.locator('.group > summary .badge');
      const texts = await eventually(
        async () => {
          const all = await badges.allInnerTexts();
          return all.includes('Cannot be measured now') ? all : undefined;
        },
        { within: 40_000 },
      );
      expect(texts).toEqual(Array.from({ length: 5 }, () => 'Cannot be measured now'));
      const text = await visitor.page.getByRole('region', { name: 'Stream' }).innerText();
      expect(text).not.toMatch(/waiting|Up to date|Nobody reads/);
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
