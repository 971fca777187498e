import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { codeCacheOf, loadBundle } from '../../../functions/bundle-loader.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
const others = (name: string) => ({ other: name });
const load = () => loadBundle(folder, others);

test('evaluates a file once, when it is first required, and finds the rest elsewhere', () => {
  write('a.cjs', "module.exports = { b: require('./b.cjs'), again: require('./b.cjs'), c: require('c') };");
  write('b.cjs', 'exports.file = __filename; exports.directory = __dirname;');
  write('later.cjs', "throw new Error('nobody asked');");
  const b = { file: join(folder, 'b.cjs'), directory: folder };
  const bundle = load();
  const a = bundle.load('./a.cjs') as { b: object; again: object };
  expect(a).toEqual({ b, again: b, c: { other: 'c' } });
  expect(a.again).toBe(a.b);
  expect([...bundle.scripts.keys()]).toEqual(['./a.cjs', './b.cjs']);
});

test('lets files that require each other see what there is of the other', () => {
  write('a.cjs', "exports.early = 1; exports.seen = require('./b.cjs').seen;");
  write('b.cjs', "exports.seen = require('./a.cjs').early;");
  expect(load().load('./a.cjs')).toEqual({ early: 1, seen: 1 });
});

test('takes what V8 compiled before', () => {
  write('a.cjs', 'exports.value = () => 1;');
  const first = load();
  first.load('./a.cjs');
  write(codeCacheOf('a.cjs'), first.scripts.get('./a.cjs')!.createCachedData());
  const again = load();
  again.load('./a.cjs');
  expect(again.scripts.get('./a.cjs')!.cachedDataRejected).toBe(false);
});

test('compiles the source where V8 does not take it', () => {
  write('a.cjs', 'exports.value = 1;');
  write(codeCacheOf('a.cjs'), Buffer.from('of another version'));
  const bundle = load();
  expect(bundle.load('./a.cjs')).toEqual({ value: 1 });
  expect(bundle.scripts.get('./a.cjs')!.cachedDataRejected).toBe(true);
});

test('says where an error is', () => {
  const text = "exports.fail = () => { throw new Error('here'); };";
  write('a.cjs', text);
  const { fail } = load().load('./a.cjs') as { fail: () => void };
  let stack = '';
  try {
    fail();
  } catch (error) {
    stack = (error as Error).stack!;
  }
  expect(stack).toContain(`a.cjs:1:${text.indexOf('new') + 1}`);
});
