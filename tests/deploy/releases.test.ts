import { expect, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import { codeDigest, digest } from '../../infra/azure/serverless-plugin/releases.ts';

function packageOf(files: Readonly<Record<string, string>>): Buffer {
  const zip = new AdmZip();
  for (const [name, text] of Object.entries(files)) zip.addFile(name, Buffer.from(text));
  return zip.toBuffer();
}

test('packages of the same code are the same release, whatever V8 made of it and in whichever order they are', () => {
  const one = packageOf({ 'dist/a.cjs': '1', 'dist/a.cjs.v8': 'x', 'host.json': '{}' });
  const other = packageOf({ 'host.json': '{}', 'dist/a.cjs': '1', 'dist/a.cjs.v8': 'y' });
  expect(digest(one)).not.toBe(digest(other));
  expect(codeDigest(one)).toBe(codeDigest(other));
});

test.each([
  ['other code', { 'dist/a.cjs': '2', 'host.json': '{}' }],
  ['code under another name', { 'dist/b.cjs': '1', 'host.json': '{}' }],
  ['a file less', { 'dist/a.cjs': '1' }],
])('a package with %s is another release', (_what, files) => {
  expect(codeDigest(packageOf(files))).not.toBe(
    codeDigest(packageOf({ 'dist/a.cjs': '1', 'host.json': '{}' })),
  );
});
