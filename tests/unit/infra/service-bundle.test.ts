import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildFunctions, bundleFunctions, olderFiles } from '../../../infra/build.ts';
import type { ServiceBundle } from '../../../infra/service-bundle.ts';
import { serviceNames } from '../../../shared/platform/services.ts';

jest.setTimeout(120_000);

/** Large, and needed by no function before its first invocation. */
const loadedLater =
  /node_modules\/(@azure\/(storage-blob|event-hubs|identity|msal-node|core-rest-pipeline)|rhea|mssql|tedious|pg|jose|hyparquet|jimp|@jimp)\//;

describe('the bundle of the functions', () => {
  let bundle: ServiceBundle;
  beforeAll(async () => {
    bundle = await bundleFunctions({ minify: true });
  });

  test.each(['host', ...serviceNames] as const)('loads no SDK to register %s', (folder) => {
    const loaded = bundle.loadedBy(folder);
    expect(loaded).toContain(`functions/${folder}/index.ts`);
    expect(loaded.filter((file) => loadedLater.test(file))).toEqual([]);
  });

  test.each(serviceNames)('loads no other service to register %s', (service) => {
    const others = bundle
      .loadedBy(service)
      .filter(
        (file) => /^functions\/[^/]+\/index\.ts$/.test(file) && file !== `functions/${service}/index.ts`,
      );
    expect(others).toEqual([]);
  });

  test('speaks one language', () => {
    const languages = bundle.inputs.filter((file) => /zod\/v4\/locales\/(?!index)/.test(file));
    expect(languages.map((file) => file.split('/').at(-1))).toEqual(['en.js']);
  });

  test('names what main.cjs loads by content', () => {
    const names = bundle.files.map(({ name }) => name);
    expect(names.filter((name) => !/^([a-z-]+-[0-9A-Z]{8}|main)\.cjs$/.test(name))).toEqual([]);
    const main = bundle.files.find(({ name }) => name === 'main.cjs')!.text;
    const loaded = [...main.matchAll(/"\.\/([^"]+\.cjs)"/g)].map(([, name]) => name);
    expect(loaded.length).toBeGreaterThan(serviceNames.length);
    expect(loaded.filter((name) => !names.includes(name!))).toEqual([]);
  });
});

describe('a folder that is built into again', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'darkroom-build-'));
  const days = (ago: number) => new Date(Date.now() - ago * 24 * 3_600_000);
  const older = (name: string, ago: number) => {
    writeFileSync(join(outdir, name), 'module.exports = {};');
    utimesSync(join(outdir, name), days(ago), days(ago));
  };
  afterAll(() => rmSync(outdir, { recursive: true }));

  test('keeps the files of older builds for a week, for the processes that run them', async () => {
    await buildFunctions({ outdir });
    older('shared-AAAAAAAA.cjs', 6);
    older('shared-BBBBBBBB.cjs', 8);
    older('shared-BBBBBBBB.cjs.map', 8);
    const built = readdirSync(outdir).find((name) => /^upload-.*\.cjs$/.test(name))!;
    utimesSync(join(outdir, built), days(8), days(8));
    await buildFunctions({ outdir, force: true });
    const names = readdirSync(outdir);
    expect(names).toEqual(expect.arrayContaining(['main.cjs', built, 'shared-AAAAAAAA.cjs']));
    expect(names.filter((name) => name.startsWith('shared-BBBBBBBB'))).toEqual([]);
    expect(olderFiles(outdir)).toEqual(['shared-AAAAAAAA.cjs']);
  });

  test('has source maps that lead to the sources', () => {
    const main = JSON.parse(readFileSync(join(outdir, 'main.cjs.map'), 'utf8')) as { sources: string[] };
    expect(main.sources.filter((source) => source.endsWith('functions/main.ts'))).toEqual([
      '../functions/main.ts',
    ]);
  });
});
