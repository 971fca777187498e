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

  test.each(serviceNames)('loads no SDK to register %s', (service) => {
    const { sources, files } = bundle.loadedBy([service]);
    expect(sources).toEqual(
      expect.arrayContaining([`functions/${service}/index.ts`, 'functions/host/index.ts']),
    );
    expect(sources.filter((file) => loadedLater.test(file))).toEqual([]);
    expect(files.map(({ name }) => name)).toContain('main.cjs');
  });

  test.each(serviceNames)('loads no other service to register %s', (service) => {
    const folders = bundle
      .loadedBy([service])
      .sources.map((file) => /^functions\/([^/]+)\/index\.ts$/.exec(file)?.[1])
      .filter((folder) => folder !== undefined);
    expect(folders.sort()).toEqual(['host', service].sort());
  });

  test('speaks one language', () => {
    const languages = bundle.inputs.filter((file) => /zod\/v4\/locales\/(?!index)/.test(file));
    expect(languages.map((file) => file.split('/').at(-1))).toEqual(['en.js']);
  });

  test('names what main.cjs loads by content', () => {
    const names = bundle.files.map(({ name }) => name);
    expect(names.filter((name) => !/^[a-z-]+-[0-9A-Z]{8}\.cjs$/.test(name))).toEqual([]);
    const loads = ({ text }: { text: string }) =>
      [...text.matchAll(/"\.\/([^"]+\.cjs)"/g)].map(([, name]) => name!);
    const [functions, ...others] = loads(bundle.entry);
    expect(functions).toMatch(/^functions-/);
    expect(others).toEqual([]);
    const loaded = loads(bundle.files.find(({ name }) => name === functions)!);
    expect(loaded.length).toBeGreaterThan(serviceNames.length);
    expect(loaded.filter((name) => !names.includes(name))).toEqual([]);
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
    const name = readdirSync(outdir).find((file) => /^functions-.*\.map$/.test(file))!;
    const { sources } = JSON.parse(readFileSync(join(outdir, name), 'utf8')) as { sources: string[] };
    expect(sources).toContain('../functions/main.ts');
  });
});
