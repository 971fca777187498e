import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LagHistory } from '../../../client/api-types.ts';
import { blobService } from '../../../shared/platform/blobs/blob-service.ts';
import { containers } from '../../../shared/platform/blobs/containers.ts';
import { makeDayLog } from '../../../shared/platform/blobs/day-log.ts';
import { keptDays, makeLagLog } from '../../../shared/operations/lag/lag-log.ts';
import { eventually } from '../../support/eventually.ts';
import { expectAccessible } from '../support/axe.ts';
import type { GivenNow } from '../support/given.ts';
import { visit, type Visit } from '../support/visit.ts';

const hub = 'image-reprocessing';
const minute = 60_000;

/** What an app measured from five hours ago to three, with an hour in between in which it did not run. */
async function fillHours(storage: string): Promise<void> {
  const container = blobService(storage).getContainerClient(containers.operations);
  const log = makeLagLog(makeDayLog(container, 'lag/', keptDays));
  const now = Date.now();
  for (let ago = 300; ago > 180; ago -= 1) {
    if (ago <= 270 && ago > 210) continue;
    const events = 300 - ago;
    const counts = { events, seconds: events * 60, sent: 1_000 + events, done: 1_000, expired: 0 };
    await log.addPoint({ at: new Date(now - ago * minute), hubs: [{ hub, ...counts }] });
  }
}

/** The engineer asks since when a hub is behind, and what was done then. */
export function lagHistoryFlow(given: GivenNow): void {
  describe('the lag over time', () => {
    let visitor: Visit;
    const section = () => visitor.page.getByRole('region', { name: 'Lag over time' });

    beforeAll(async () => {
      const { stack, browser } = given();
      await fillHours(stack.endpoints.storage);
      for (const action of ['pause', 'resume']) {
        const response = await stack.call('engineering', `/operations/readers/${action}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ hubs: [hub], reason: 'Anna asked for it' }),
        });
        expect(response.status).toBe(200);
      }
      // The product measures by itself, from the first minute on.
      await eventually(
        async () => {
          const answer = await stack.call('engineering', `/operations/lag?hub=${hub}&minutes=60`);
          const { hubs } = (await answer.json()) as LagHistory;
          return hubs[0]!.points.length > 0 ? true : undefined;
        },
        { within: 60_000, every: 500 },
      );
      visitor = await visit(browser, stack.endpoints.api, 'engineering', '/operations');
    });
    afterAll(() => visitor.context.close());

    test('is two clicks from the overview, and shows the hub that it was asked for', async () => {
      const { page } = visitor;
      const group = page.locator('.group').filter({ has: page.getByText(hub, { exact: true }) });
      await group.locator('summary').click();
      await group.getByRole('link', { name: `The last 24 hours of ${hub}` }).click();
      expect(await page.getByLabel('Hub', { exact: true }).inputValue()).toBe(hub);
      await section().locator('canvas').nth(2).waitFor();
      expect(await section().getByRole('img').count()).toBe(3);
      await expectAccessible(page);
    });

    test('has its figures in a table, which says of what nothing was measured', async () => {
      const { page } = visitor;
      await page.getByText('The figures as a table').press('Enter');
      const table = section().getByRole('region', { name: `Lag of ${hub} by 15 min` });
      const rows = await table.locator('tbody tr').allInnerTexts();
      const begin = rows.findIndex((row) => row.includes('not measured'));
      expect(begin).toBeGreaterThanOrEqual(0);
      const waiting = rows.flatMap((row) => /\t(\d+)\t/.exec(row)?.[1] ?? []).map(Number);
      // From 30 to 89 would have waited in the hour that is missing.
      expect(Math.max(...waiting)).toBe(119);
      expect(waiting.filter((events) => events > 30 && events < 90)).toEqual([]);
      await expectAccessible(page, '[aria-label="Lag over time"]');
    });

    test('marks what was done, without who and why, and each start of a host', async () => {
      await section().locator('summary').last().click();
      const kinds = await section()
        .locator('[data-mark]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-mark')));
      expect(kinds).toContain('deployed');
      expect(kinds.filter((kind) => kind === 'paused' || kind === 'resumed').slice(-2)).toEqual([
        'paused',
        'resumed',
      ]);
      expect(await section().innerText()).not.toContain('Anna');
    });

    test('is shown by the minute for an hour, in which the points of before are not', async () => {
      const { page } = visitor;
      await page.getByRole('radio', { name: '1 hour' }).check();
      await page.getByText('The figures as a table').press('Enter');
      const table = section().getByRole('region', { name: `Lag of ${hub} by 1 min` });
      await table.locator('tbody tr').first().waitFor();
      expect(await table.locator('tbody tr').count()).toBeGreaterThanOrEqual(60);
      expect(await table.innerText()).not.toContain('119');
      expect(new URL(page.url()).searchParams.get('hours')).toBe('1');
    });

    test('stands beside the settings of the hubs, as they are and as the template says', async () => {
      const settings = visitor.page.getByRole('region', { name: 'Settings of the hubs' });
      const row = settings.locator(`[data-hub="${hub}"]`);
      await row.waitFor();
      expect(await row.innerText()).toContain('4, as in the template');
      expect(await settings.locator('[data-hub="image-dead-letter"]').innerText()).toContain(
        '1, as in the template',
      );
    });

    test('said nothing in the console that it should not have', () => {
      expect(visitor.complaints).toEqual([]);
    });
  });
}
