import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Compared } from '../../../shared/operations/sandbox/compare.ts';
import { sampleImage } from '../../support/sample-images.ts';

jest.setTimeout(120_000);

const run = promisify(execFile);
let clone: string;
/** Where the CLI has its temporary files. */
let scratch: string;

const git = (...args: string[]) =>
  run('git', ['-C', clone, '-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args]);
const processorFile = (folder: string) => join(clone, 'shared/images/process', folder, 'web.ts');
const web = (version: string, quality: number) => `export default {
  name: 'web', version: '${version}', variants: ['web'], needs: { width: 1600, height: 1600, fit: 'inside' },
  process: (image) => ({ variants: [{ name: 'web', image, quality: ${quality} }] }),
};`;

async function compare(...words: string[]) {
  const args = ['cli/darkroom.mjs', 'processor', 'try', 'photo.png', '--compare', ...words];
  const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: scratch };
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: clone, env }).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  expect(await readdir(scratch)).toEqual([]);
  return { code, stdout, stderr };
}
const rowsOf = (stdout: string) => (JSON.parse(stdout) as { rows: Compared[] }).rows;
const outcomes = (stdout: string) => new Set(rowsOf(stdout).map(({ outcome }) => outcome));

beforeAll(async () => {
  [clone, scratch] = (await Promise.all(
    ['clone', 'scratch'].map((name) => mkdtemp(join(tmpdir(), `compare-${name}-`))),
  )) as [string, string];
  const copied = [
    'cli',
    'client',
    'functions',
    'shared',
    'infra',
    'package.json',
    'package-lock.json',
    'host.json',
    '.gitignore',
  ];
  await Promise.all(copied.map((name) => cp(name, join(clone, name), { recursive: true })));
  await symlink(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'));
  await writeFile(join(clone, 'photo.png'), await sampleImage('png', 300, 200));
  await writeFile(processorFile('processors'), web('1', 80));
  await git('init', '--quiet');
  await git('add', ...copied);
  await git('commit', '--quiet', '--message', 'the release');
  await git('tag', 'released');
});
afterAll(() => Promise.all([clone, scratch].map((place) => rm(place, { recursive: true }))));

test('of a clean working tree nothing differs', async () => {
  const { code, stdout } = await compare();
  expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing differs.')]);
  expect(stdout).toMatch(/^web +same +1 /m);
});

test('what is changed in the working tree is compared with what git has, whose files and index stay as they are', async () => {
  await writeFile(processorFile('processors'), web('2', 40));
  const before = await git('status', '--porcelain');
  const { code, stdout } = await compare('--json');
  expect(code).toBe(0);
  const [worst] = rowsOf(stdout);
  expect(worst).toMatchObject({
    ...{ name: 'web', outcome: 'differs', released: { version: '1' }, candidate: { version: '2' } },
  });
  expect(worst!.candidate!.bytes!).toBeLessThan(worst!.released!.bytes!);
  expect(worst!.ssim).toBeLessThan(1);
  expect(await git('status', '--porcelain')).toEqual(before);
});

test('another release may be named, and one that is none is refused', async () => {
  await git('commit', '--quiet', '--all', '--message', 'version 2');
  expect(outcomes((await compare('--json')).stdout)).toEqual(new Set(['same']));
  expect(rowsOf((await compare('--json', '--released', 'released')).stdout)[0]).toMatchObject({
    name: 'web',
    outcome: 'differs',
  });
  const { code, stderr } = await compare('--released', '--upload-pack=x');
  expect([code, stderr]).toEqual([1, expect.stringContaining('git knows no release')]);
});

test('a candidate of the working tree is what is compared; one that fails ends with code 1', async () => {
  await writeFile(processorFile('candidates'), web('3', 20));
  expect(rowsOf((await compare('--json')).stdout)[0]).toMatchObject({
    name: 'web',
    candidate: { version: '3' },
  });
  await writeFile(processorFile('candidates'), 'export default {};');
  const { code, stdout } = await compare('--json');
  expect(code).toBe(1);
  expect(rowsOf(stdout)[0]).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('candidates/web.ts is not a processor'),
  });
});
