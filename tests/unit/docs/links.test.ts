import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));

const withoutCode = (text: string): string =>
  text.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

function deadLinks(path: string, text: string): string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [file, anchor] = target.split('#');
    const to = file === '' ? path : normalize(join(dirname(path), file!));
    if (!existsSync(to)) return true;
    return anchor !== undefined && (statSync(to).isDirectory() || !anchorsOf(to).includes(anchor));
  });
}

test('a link to nothing is found, a link to something is not', () => {
  const text = '[a](b.md) [b](README.md) [c](README.md#no-such-part) `[d](not-a-link.md)`';
  expect(deadLinks('README.md', text)).toEqual(['b.md', 'README.md#no-such-part']);
});

test.each(documents)('every link of %s leads somewhere', (path) => {
  expect(deadLinks(path, readFileSync(path, 'utf8'))).toEqual([]);
});

test('the index of documents names every document', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const missing = documents
    .filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
    .filter((path) => !index.includes(`(${path.slice('docs/'.length)})`));
  expect(missing).toEqual([]);
});

describe('commands that documents name', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const texts = documents.map((path) => [path, readFileSync(path, 'utf8')] as const);

  test.each(texts)('every npm script in %s exists', (_path, text) => {
    const named = [...text.matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('every npx darkroom command exists', () => {
    const own = (name: string): string =>
      execFileSync('node', ['cli/darkroom.mjs', ...name.split(' '), '--help'], { encoding: 'utf8' });
    const commandsIn = (help: string): string[] =>
      [...(help.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name!);
    const top = commandsIn(own('help'));
    const groups = new Map<string, string[]>();
    const missing = texts.flatMap(([path, text]) =>
      [...text.matchAll(/npx darkroom ([a-z][\w-]*)(?: ([a-z][\w-]*))?/g)]
        .filter(([, name, part]) => {
          if (!top.includes(name!)) return true;
          if (!groups.has(name!)) groups.set(name!, commandsIn(own(name!)));
          const parts = groups.get(name!)!;
          return part !== undefined && parts.length > 0 && !parts.includes(part);
        })
        .map(([command]) => `${path}: ${command}`),
    );
    expect(missing).toEqual([]);
  });
});
