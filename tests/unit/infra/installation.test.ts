import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { showProgress } from '../../../infra/install-progress.mjs';
import { markInstalled, nodeFault, packagesFault } from '../../../infra/installation.mjs';

let clone: string;

const put = (file: string, text: string) => {
  mkdirSync(join(clone, file, '..'), { recursive: true });
  writeFileSync(join(clone, file), text);
};
const install = (name: string, version = '1.0.0') =>
  put(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));
const lock = (...names: string[]) =>
  put(
    'package-lock.json',
    JSON.stringify({
      packages: {
        '': {},
        ...Object.fromEntries(names.map((name) => [`node_modules/${name}`, {}])),
        'node_modules/for-macos': { optional: true },
      },
    }),
  );

beforeEach(() => {
  clone = `${mkdtempSync(join(tmpdir(), 'clone-'))}/`;
  lock('one', 'two');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe('an installation', () => {
  test('that never began, was cut at any point, or is of another lock file is not whole', () => {
    expect(packagesFault(clone)).toBe('nothing is installed yet');
    install('one');
    expect(packagesFault(clone)).toBe('1 packages are missing, the first is node_modules/two');
    install('two');
    expect(packagesFault(clone)).toBe('an installation did not end');
    markInstalled(clone);
    expect(packagesFault(clone)).toBeUndefined();
    lock('one', 'two', 'three');
    expect(packagesFault(clone)).toBe('1 packages are missing, the first is node_modules/three');
    install('three');
    expect(packagesFault(clone)).toBe('package-lock.json has changed');
  });

  test('that lost a package after it was whole is not whole', () => {
    ['one', 'two'].forEach((name) => install(name));
    markInstalled(clone);
    rmSync(`${clone}node_modules/two`, { recursive: true });
    expect(packagesFault(clone)).toContain('node_modules/two');
  });

  test('says how many packages are there and what they weigh', () => {
    install('one');
    put('node_modules/one/big.bin', 'x'.repeat(2_400_000));
    put('node_modules/one/deep/er.bin', 'x'.repeat(600_000));
    const written: string[] = [];
    const end = showProgress(clone, { write: (text) => written.push(text) });
    install('two');
    end();
    expect(written).toEqual([expect.stringMatching(/^ {2}\d+ s: 2 packages, 3 MB\n$/)]);
  });

  test('has a Node that runs and is the one that is wanted', () => {
    install('node', '24.1.0');
    expect(nodeFault(clone)).toBe('Node 24.1.0 is not there');
    put('node_modules/node/bin/node', 'half a program');
    expect(nodeFault(clone)).toBe('Node 24.1.0 is not there');
    put('node_modules/node/bin/node', '#!/bin/sh\necho v20.0.0\n');
    chmodSync(`${clone}node_modules/node/bin/node`, 0o755);
    expect(nodeFault(clone)).toBe('Node 24.1.0 is not there');
    put('node_modules/node/bin/node', '#!/bin/sh\necho v24.1.0\n');
    expect(nodeFault(clone)).toBeUndefined();
  });
});
