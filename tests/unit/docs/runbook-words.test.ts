import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runbooks, wordsIn, type Word } from '../../support/runbook.ts';

const root = new URL('../../../', import.meta.url);

/** What there is to read, and once more with whatever is put in at run time as `*`. */
function textsOf(folder: string, names: RegExp): string {
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((name) => names.test(name))
    .map((name) => readFileSync(new URL(`${folder}${name}`, root), 'utf8'));
  return texts.flatMap((text) => [text, text.replaceAll(/\$?\{[^{}\n]*\}/g, '*')]).join('\n');
}

const console = textsOf('web/src/', /\.tsx?$/);
/** The workbook, our errors, and the sections of a runbook. */
const elsewhere = [
  textsOf('infra/azure/template/', /workbook\.ts$/),
  textsOf('shared/', /\.ts$/),
  'What it means, Look, Act, Afterwards',
].join('\n');

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** As a whole text, in quotes, between tags or on a line; dots within it are for what is put in there. */
function isIn(source: string, text: string): boolean {
  const [first = '', ...rest] = text.split(/(?<=\S)\s(?=\S)/).map(literal);
  // Of "Resume now" the page has "now", and the verb elsewhere.
  const beginning = rest.some((word) => /\w/.test(word)) ? String.raw`(?:${first}|\*)` : first;
  const whole = [beginning, ...rest].join(String.raw`\s+`).replaceAll(String.raw`\s+…\s+`, '.*');
  return new RegExp(String.raw`(?:['"\x60]|>\s*|^\s*)${whole}(?:['"\x60<]|\s*$)`, 'm').test(source);
}

const names = readdirSync(runbooks).map((file) => file.replace(/\.md$/, ''));
const all = names.flatMap((name) =>
  wordsIn(readFileSync(new URL(`${name}.md`, runbooks), 'utf8')).map(
    (word) => [name, word.text, word] as const,
  ),
);
const ofKind = (kind: Word['kind']) => all.filter(([, , word]) => word.kind === kind);

describe('the words of the runbooks', () => {
  test.each(ofKind('press'))('%s: **%s** is on a button or link of the console', (_name, text) => {
    expect(isIn(console, text)).toBe(true);
  });

  test.each(ofKind('see'))('%s: "%s" is shown somewhere', (_name, text) => {
    expect(isIn(console, text) || elsewhere.includes(text)).toBe(true);
  });

  test('a button that is not there is found out', () => {
    for (const text of ['Replay everything …', 'Pauses …', 'Halt now please'])
      expect(isIn(console, text)).toBe(false);
  });
});
