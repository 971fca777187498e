import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { seriousIssues, sidewaysOverflow } from './axe.ts';
import type { Given } from './given.ts';
import { forgetShifts, shiftsOf, watchShifts } from './layout-shift.ts';
import type { Place } from './places.ts';
import { slowDown } from './slowly.ts';
import { visit } from './visit.ts';

export const windows = { wide: { width: 1280, height: 860 }, narrow: { width: 360, height: 780 } } as const;
export type Width = keyof typeof windows;

/** Pressed by a script, not by a hand, after which half a second of shifts would be forgiven. */
export const press = (selector: string): string =>
  `document.querySelector(${JSON.stringify(selector)}).click()`;
export const pressAll = (selector: string): string =>
  `for (const one of document.querySelectorAll(${JSON.stringify(selector)})) one.click()`;

/** Keys at once: typed from here, a busy machine makes the gaps between them a person's. */
export const keys = (...names: readonly string[]): string =>
  `for (const key of ${JSON.stringify(names)}) document.activeElement
    .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`;

/** Keys as a scanner sends them. */
export const scan = (code: string): string => keys(...Array.from(code), 'Enter');

/** The same into the field that has the focus, which its keys leave with `spoilt`. */
export const scanInto = (code: string, spoilt: string): string =>
  `document.activeElement.addEventListener('keydown', ({ target }) => (target.value = ${JSON.stringify(spoilt)}), {
    once: true,
  }); ${scan(code)}`;

/** A page from its first paint until its data are there, and while they are read again; both slowed down. */
export async function lookAt({ stack, browser }: Given, place: Place, width: Width) {
  let network: Awaited<ReturnType<typeof slowDown>>;
  const before = async (page: Page) => {
    await watchShifts(page);
    network = await slowDown(page);
  };
  const options = { before, viewport: windows[width], serviceWorkers: 'block' } as const;
  const { page, context } = await visit(browser, stack.endpoints.api, place.persona, place.path, options);
  const quiet = () => eventually(() => (network.isQuiet(300) ? true : undefined));
  await page.locator(place.shows).first().waitFor();
  await quiet();
  const loading = await shiftsOf(page);
  await forgetShifts(page);
  network!.again();
  await page.evaluate(pressAll('[aria-label="Refresh"]'));
  await quiet();
  const refreshing = await shiftsOf(page);
  const overflow = await sidewaysOverflow(page);
  // On a narrow screen nothing has another colour or name.
  const issues = width === 'wide' ? await seriousIssues(page) : [];
  await context.close();
  return { loading, refreshing, overflow, issues };
}

export type Look = Awaited<ReturnType<typeof lookAt>>;
