import type { Page } from 'playwright-core';

/** Milliseconds: the longest wait for an answer of the API, how much sooner each one after it comes, and the shortest. */
const wait = { first: 700, less: 90, least: 200, file: 60 } as const;

/**
 * Answers come late, and those that were asked for last come first, so that every state of loading is seen and no part of
 * a page is here before what stands below it by luck.
 */
export async function slowDown(page: Page) {
  let asked = 0;
  let open = 0;
  let lastEnd = Date.now();
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const isAnswer = pathname.startsWith('/api/');
    open += 1;
    const late = isAnswer ? Math.max(wait.least, wait.first - wait.less * asked) : wait.file;
    if (isAnswer) asked += 1;
    await new Promise((resolve) => setTimeout(resolve, late));
    // A page that is gone waits for nothing any more.
    await route.continue().catch(() => undefined);
  });
  const end = () => {
    open -= 1;
    lastEnd = Date.now();
  };
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  return {
    /** The next answers are late again. */
    again: () => (asked = 0),
    /** True when nothing was under way for that many milliseconds. */
    isQuiet: (milliseconds: number) => open <= 0 && Date.now() - lastEnd > milliseconds,
  };
}
