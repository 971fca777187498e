import type { Browser } from 'playwright-core';
import type { Place } from './places.ts';
import { signIn } from './visit.ts';

export interface Vitals {
  /** Largest contentful paint. Milliseconds. */
  readonly lcp: number;
  /** Cumulative layout shift, all of it: no less than that of its worst window. */
  readonly cls: number;
}

export interface Timed {
  /** Loads the page anew with nothing kept: milliseconds until it shows what it is for and no long task runs. */
  load(): Promise<number>;
  /** Loads the page anew on a processor four times as slow: its Core Web Vitals. */
  vitals(): Promise<Vitals>;
  /** Scrolls through what is loaded: milliseconds between two frames, 95th percentile. */
  scroll(): Promise<number>;
  /** Scrolls until there is no more to read. */
  scrollToEnd(): Promise<void>;
}

/** Notes when what is looked for is drawn and when the last long task ended; a page script, before any of the page's. */
const observe = (shows: string): string => `
  globalThis.lastTask = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) globalThis.lastTask = task.startTime + task.duration;
  }).observe({ type: 'longtask', buffered: true });
  globalThis.vitals = { lcp: 0, cls: 0 };
  new PerformanceObserver((list) => {
    for (const paint of list.getEntries()) globalThis.vitals.lcp = paint.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) globalThis.vitals.cls += shift.value;
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    if (globalThis.shownAt === undefined && document.querySelector(${JSON.stringify(shows)}))
      requestAnimationFrame(() => { globalThis.shownAt ??= performance.now(); });
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });`;

/** From the middle down and up again, 120 px a frame, as a hand scrolls in haste: the gaps between frames. */
const scrollThrough = `new Promise((resolve) => {
  const gaps = [];
  const middle = (document.documentElement.scrollHeight - innerHeight) / 2;
  let last, step = 0;
  const frame = (now) => {
    if (last !== undefined && step > 2) gaps.push(now - last);
    last = now;
    if (++step > 120) return resolve(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.95)]);
    scrollTo(0, middle + 120 * (step < 60 ? step : 120 - step));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

/** Of the processor, as Lighthouse has it for a phone. */
const slowDown = 4;

/** Opens a page that can be timed, in a profile of its own, without the service worker and without a cache. */
export async function openTimed(
  browser: Browser,
  base: string,
  { persona, path, shows }: Pick<Place, 'path' | 'shows'> & Partial<Pick<Place, 'persona'>>,
): Promise<Timed> {
  const context = await browser.newContext({ serviceWorkers: 'block', locale: 'en-GB' });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.addInitScript({ content: observe(shows) });
  await page.goto(base + path);
  if (persona) await signIn(page, persona);
  await page.locator(shows).first().waitFor();
  const open = async (): Promise<void> => {
    await page.goto(base + path);
    await page.locator(shows).first().waitFor();
  };
  return {
    async load() {
      await open();
      // A task that began before the page was shown is over by then, and known a moment later.
      await page.waitForTimeout(300);
      return page.evaluate<number>('Math.max(globalThis.shownAt, globalThis.lastTask)');
    },
    async vitals() {
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
      try {
        await open();
        // Pictures and figures that come later are drawn by then.
        await page.waitForTimeout(1_500);
        return await page.evaluate<Vitals>('globalThis.vitals');
      } finally {
        await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
      }
    },
    scroll: () => page.evaluate<number>(scrollThrough),
    async scrollToEnd() {
      while ((await page.locator('.gallery-count').innerText()).endsWith('more below')) {
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
        await page.waitForTimeout(50);
      }
    },
  };
}
