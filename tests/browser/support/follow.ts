import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { runbooks, wordsIn, type Word } from '../../support/runbook.ts';

/** The words of each step of a section. */
export function stepsOf(runbook: string, section: string): Word[][] {
  const text = readFileSync(new URL(`${runbook}.md`, runbooks), 'utf8');
  const found = text.split(/^## /m).find((one) => one.startsWith(`${section}\n`));
  if (found === undefined) throw new Error(`The runbook ${runbook} has no section ${section}.`);
  const [, ...steps] = found.split(/^\d+\. /m);
  return (steps.length > 0 ? steps : [found]).map(wordsIn);
}

interface FollowOptions {
  /** Where on the page its buttons are looked for first. */
  readonly beside?: Locator;
  /** What is written into a field, or chosen, that is asked for. */
  readonly fill?: string;
  readonly choose?: string;
  readonly leaveOut?: readonly string[];
  readonly run?: (command: string) => Promise<void>;
}

/** A dialog that is open hides what is behind it. */
async function inFront(page: Page): Promise<Page | Locator> {
  const dialog = page.getByRole('dialog');
  return (await dialog.isVisible()) ? dialog : page;
}

async function press(page: Page, name: string, { beside }: FollowOptions): Promise<void> {
  const front = await inFront(page);
  const find = (scope: Page | Locator) =>
    scope.getByRole('button', { name, exact: true }).or(scope.getByRole('link', { name, exact: true }));
  const isBeside = front === page && beside !== undefined && (await find(beside).count()) > 0;
  const found = find(isBeside ? beside : front);
  // A dialog has its cross before its own way to close it.
  await (name === 'Close' ? found.last() : found.first()).click();
  if (name === 'Close') await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** A text is waited for; what is the name of a field is filled in, or chosen from. */
async function see(page: Page, text: string, options: FollowOptions): Promise<void> {
  const scope = await inFront(page);
  // Some headings count what is under them.
  const counted = new RegExp(
    String.raw`^\s*${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}( \([\d,]+\))?\s*$`,
  );
  await scope.getByText(counted).first().waitFor();
  const fieldsOf = (kind: string) => scope.getByLabel(text, { exact: true }).and(page.locator(kind));
  if ((await fieldsOf('select').count()) > 0) await fieldsOf('select').selectOption(options.choose!);
  else if ((await fieldsOf('input').count()) > 0) await fieldsOf('input').fill(options.fill!);
}

/** Does a step of a runbook, word by word: a button that has another name is not found. */
export async function follow(page: Page, words: readonly Word[], options: FollowOptions = {}): Promise<void> {
  for (const { kind, text } of words) {
    if (options.leaveOut?.includes(text)) continue;
    if (kind === 'press') await press(page, text, options);
    else if (kind === 'see') await see(page, text, options);
    else await options.run?.(text);
  }
}
