import type { Page } from 'playwright-core';

/** Something that was drawn already and moved, although nobody had just touched the page. */
export interface Shift {
  /** Part of the window that was moved, times the part of it by which it moved. */
  readonly value: number;
  /** Milliseconds since the page was asked for. */
  readonly at: number;
  /** What moved, and from where to where. */
  readonly moved: readonly string[];
}

/** Notes every shift from the first paint on; a page script, before any of the page's. */
const observe = `
  globalThis.shifts = [];
  const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  const named = (node) => node?.nodeType === 1
    ? node.localName + (node.id && '#' + node.id) + [...node.classList].map((one) => '.' + one).join('')
    : String(node?.textContent ?? 'gone').slice(0, 40);
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, startTime, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      const moved = sources.map((one) =>
        named(one.node) + ': ' + rect(one.previousRect) + ' > ' + rect(one.currentRect));
      globalThis.shifts.push({ value, at: Math.round(startTime), moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });`;

/** Watches every page that is opened here from now on. */
export const watchShifts = (page: Page): Promise<unknown> => page.addInitScript({ content: observe });

/** What shifted since the page was asked for, or since it was last forgotten. */
export async function shiftsOf(page: Page): Promise<readonly Shift[]> {
  // A shift is told after the frame in which it happened.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))');
  return page.evaluate<readonly Shift[]>('globalThis.shifts');
}

export const forgetShifts = (page: Page): Promise<unknown> => page.evaluate('globalThis.shifts.length = 0');

/** All of it together: never less than web.dev's figure, which takes the worst five seconds. */
export const sumOf = (shifts: readonly Shift[]): number => shifts.reduce((sum, { value }) => sum + value, 0);

/** The most that a page may shift; web.dev calls 0.1 good. */
export const stillness = 0.02;
