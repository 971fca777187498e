import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export type Persona =
  'uploader' | 'uploader2' | 'logistics' | 'logistics-lead' | 'sales' | 'analytics' | 'engineering';

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page said that it should not have: errors of scripts, and whatever the CSP refused. */
  readonly complaints: readonly string[];
  /** Every host that the page asked for something. */
  readonly hosts: ReadonlySet<string>;
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

/** A browser profile of its own in which that person is signed in and looks at `path`. */
export async function visit(
  browser: Browser,
  base: string,
  persona: Persona,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Copenhagen', ...options });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(base + path);
  await signIn(page, persona);
  return { page, context, complaints, hosts };
}
