import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export type Persona =
  'uploader' | 'uploader2' | 'logistics' | 'logistics-lead' | 'sales' | 'analytics' | 'engineering';

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page said that it should not have: errors of scripts, and whatever the CSP refused. */
  readonly complaints: readonly string[];
}

/** What a browser notes of every answer that is no success; the page handles those itself. */
const isAboutAnAnswer = (text: string): boolean => text.startsWith('Failed to load resource');

function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAboutAnAnswer(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/** Signs in as the person would: the console's button, the issuer's page, and back. */
export async function signIn(page: Page, persona: Persona): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator(`button[name=persona][value="${persona}"]`).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

export interface VisitOptions extends BrowserContextOptions {
  /** Done before the page is asked for. */
  readonly before?: (page: Page) => Promise<unknown>;
}

const asked = new Map<string, Set<string>>();

/** Every host that a page of that console ever asked for something. */
export const askedHosts = (base: string): ReadonlySet<string> => asked.get(base) ?? new Set();

async function open(browser: Browser, base: string, { before, ...options }: VisitOptions): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Copenhagen', ...options });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  const hosts = asked.get(base) ?? new Set();
  asked.set(base, hosts);
  // What is in memory (`blob:`, `data:`) is of no host.
  page.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host !== '') hosts.add(host);
  });
  await before?.(page);
  return { page, context, complaints };
}

/** A browser profile of its own in which that person has just signed in and looks at `path`. */
export async function visitAnew(
  browser: Browser,
  base: string,
  persona: Persona,
  path: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const visitor = await open(browser, base, options);
  await visitor.page.goto(base + path);
  await signIn(visitor.page, persona);
  return visitor;
}

/** What a tab knows of its session, by console and person: whoever comes again need not sign in again. */
const sessions = new Map<string, string>();

/** The same, with the session of an earlier visit where there was one. */
export async function visit(
  browser: Browser,
  base: string,
  persona: Persona,
  path: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const kept = sessions.get(`${base} ${persona}`);
  if (kept === undefined) {
    const visitor = await visitAnew(browser, base, persona, path, options);
    sessions.set(`${base} ${persona}`, await visitor.page.evaluate<string>('JSON.stringify(sessionStorage)'));
    return visitor;
  }
  const visitor = await open(browser, base, options);
  const content = `if (location.origin === ${JSON.stringify(base)} && sessionStorage.length === 0)
    Object.assign(sessionStorage, ${kept});`;
  await visitor.page.addInitScript({ content });
  await visitor.page.goto(base + path);
  await visitor.page.getByRole('button', { name: 'Sign out' }).waitFor();
  return visitor;
}
