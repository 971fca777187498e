import type { Page } from 'playwright-core';

/** When the page has drawn what it knows now: even a transition of no time ends with a frame. */
export const framesDrawn = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
