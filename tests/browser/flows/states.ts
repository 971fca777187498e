import { describe, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { GivenNow } from '../support/given.ts';
import { pressAll } from '../support/look.ts';
import { places } from '../support/places.ts';
import { visit } from '../support/visit.ts';

const empties = [
  ['logistics', '/logistics?day=2020-01-01', 'No orders on this day'],
  ['sales', '/sales?search=nothing%20like%20it', 'No product matches'],
  ['analytics', '/analytics?from=2001-01-01&to=2001-01-02', 'No figures in this range'],
  ['uploader', '/images?status=failed', 'No image has this status'],
] as const;

/** What a page shows while there is nothing to show. */
export function statesFlow(given: GivenNow): void {
  describe('a page without its data', () => {
    test.each(places)(
      'says of $name that it is loading, then that it failed, and tries again',
      async (place) => {
        const { stack, browser } = given();
        let answer: 'late' | 'none' | 'real' = 'late';
        const late: (() => Promise<void>)[] = [];
        const { page, context } = await visit(browser, stack.endpoints.api, place.persona, place.path, {
          serviceWorkers: 'block',
          before: (one) =>
            one.route('**/api/**', async (route) => {
              if (answer === 'late') late.push(() => route.abort());
              else await (answer === 'none' ? route.abort() : route.continue());
            }),
        });
        await page
          .getByRole('status', { name: /^Loading/ })
          .first()
          .waitFor();
        answer = 'none';
        await Promise.all(late.map((abort) => abort()));
        const problem = page.getByRole('group', { name: 'Problem' });
        await problem.getByText('Darkroom cannot be reached').first().waitFor();
        answer = 'real';
        // Pressed once more only after what the last press asked for had its time.
        await eventually(
          async () => {
            if ((await problem.count()) === 0) return true;
            await page.evaluate(pressAll('.notice .button'));
            return undefined;
          },
          { every: 1000 },
        );
        await page.locator(place.shows).first().waitFor();
        await context.close();
      },
    );

    test.each(empties)('tells %s at %s: %s', async (persona, path, text) => {
      const { stack, browser } = given();
      const { page, context } = await visit(browser, stack.endpoints.api, persona, path);
      await page.locator('.empty').getByText(text).first().waitFor();
      await context.close();
    });
  });
}
