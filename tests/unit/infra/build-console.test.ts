import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { consoleInputs } from '../../../infra/build-console.ts';

const root = resolve(import.meta.dirname, '../../..');

test('the console is built anew when anything changed that it is made from', () => {
  const sources = ['web', 'client'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(({ name, parentPath }) => /\.tsx?$/.test(name) && !/node_modules|dist/.test(parentPath))
      .map(({ name, parentPath }) => join(parentPath, name)),
  );
  const imported = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) =>
      relative(root, resolve(file, '..', path!)),
    ),
  );
  expect(imported.length).toBeGreaterThan(300);
  const isInput = (path: string): boolean =>
    consoleInputs.some((input) => path === input || path.startsWith(`${input}/`));
  expect(imported.filter((path) => !isInput(path))).toEqual([]);
});
