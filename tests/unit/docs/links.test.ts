import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { program } from '../../../cli/program.ts';

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

test('the index of documents names every document, each decision by its title', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const missing = documents
    .filter((path) => /^docs\/(?!README)/.test(path))
    .filter((path) => {
      const link = `](${path.slice('docs/'.length)})`;
      const [, title] = /^# (.+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
      return !index.includes(path.startsWith('docs/decisions/') ? `[${title ?? ''}${link}` : link);
    });
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
    const named = (of: Command, name: string) => of.commands.find((one) => one.name() === name);
    const missing = texts.flatMap(([path, text]) =>
      [...text.matchAll(/npx darkroom ([a-z][\w-]*)(?: ([a-z][\w-]*))?/g)]
        .filter(([, name, part]) => {
          const command = named(program, name!);
          if (command === undefined) return true;
          return part !== undefined && command.commands.length > 0 && named(command, part) === undefined;
        })
        .map(([command]) => `${path}: ${command}`),
    );
    expect(program.commands.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});

describe('files that documents name', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  }).split('\n');
  const folders = 'cli|docs|functions|infra|shared|sql|tests|web';
  const path = new RegExp(`(?<![\\w./@-])(?:${folders})/[\\w./-]*\\w`, 'g');

  /** A name in capitals stands for any; what is asked of jest is the beginning of a path. */
  const unknown = (text: string): string[] =>
    [...text.matchAll(path)]
      .map(([name]) => name)
      .filter((name) => !/\/[A-Z]{3,}\b/.test(name) && !listed.some((file) => file.startsWith(name)));

  test('a file that is not there is found', () => {
    expect(unknown('`shared/platform/errors.ts`, `shared/no-errors.ts`, `functions/SERVICE/x.ts`')).toEqual([
      'shared/no-errors.ts',
    ]);
  });

  // The how-tos name what is to be made.
  test.each(documents.filter((name) => !name.startsWith('docs/how-to/')))(
    'every file in %s exists',
    (name) => {
      expect(unknown(readFileSync(name, 'utf8'))).toEqual([]);
    },
  );
});
