import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import sharp from 'sharp';
import { nativePackages } from '../../infra/azure/native-packages.ts';
import { listFunctions } from '../../infra/azure/functions-list.ts';
import { registeredFunctions } from '../../infra/azure/registered-functions.ts';
import { apps, appNames } from '../../infra/azure/template/apps.ts';
import { consumerGroups, eventHubsConnection, hubs, type Hub } from '../../shared/stream/hubs.ts';
import { serviceNames } from '../../shared/platform/services.ts';
import { Checkout } from './support/checkout.ts';
import { serverlessYml } from '../../infra/azure/stage-parameters.ts';

jest.setTimeout(120_000);

let checkout: Checkout;
let unpacked: string;
let files: readonly string[];

beforeAll(async () => {
  checkout = new Checkout();
  checkout.write('dist/shared-OLDER000.cjs', '// of a build before');
  // Nothing but a path and a home: no credentials, and a proxy that leads nowhere.
  const { code, output } = await checkout.sls(['package', '--stage', 'dev'], {
    HTTPS_PROXY: 'http://127.0.0.1:1',
  });
  if (code !== 0) throw new Error(output);
  const zip = new AdmZip(checkout.path('.serverless/darkroom.zip'));
  files = zip.getEntries().map(({ entryName }) => entryName);
  unpacked = mkdtempSync(join(tmpdir(), 'darkroom-package-'));
  zip.extractAllTo(unpacked, true);
});

afterAll(() => {
  checkout.remove();
  rmSync(unpacked, { recursive: true, force: true });
});

describe('sls package, offline and without credentials', () => {
  test('ships the bundle, host.json, package.json and sharp with what it needs, and nothing else', () => {
    expect(files).toEqual(expect.arrayContaining(['dist/main.cjs', 'host.json', 'package.json']));
    const others = files.filter((file) => !/^(dist\/|host\.json$|package\.json$)/.test(file));
    const packages = others.map((file) => /^node_modules\/((?:@img\/)?[\w-]+)\//.exec(file)?.[1] ?? file);
    expect([...new Set(packages)].sort()).toEqual([
      ...['@img/colour', '@img/sharp-libvips-linux-x64', '@img/sharp-linux-x64'],
      ...['detect-libc', 'semver', 'sharp'],
    ]);
    expect(files).not.toContain('dist/shared-OLDER000.cjs');
    expect(files.filter((file) => /function\.json$|\.map$|\.ts$|\/\./.test(file))).toEqual([]);
  });

  test('has native parts for linux-x64 only', () => {
    const native = files.filter((file) => /\.(node|so)(\.|$)/.test(file));
    expect(native.length).toBeGreaterThanOrEqual(2);
    expect(native.filter((file) => !/linux-?x64/.test(file))).toEqual([]);
  });

  test('has what V8 compiled of each file that main.cjs loads, which the V8 that made it takes', () => {
    const loaded = files.filter((file) => /^dist\/[a-z-]+-[0-9A-Z]{8}\.cjs$/.test(file));
    expect(loaded.length).toBeGreaterThan(serviceNames.length);
    expect(files).toEqual(expect.arrayContaining(loaded.map((file) => `${file}.v8`)));
    writeFileSync(join(unpacked, 'rejected.cjs'), countRejected);
    const count = () =>
      execFileSync(process.execPath, ['rejected.cjs'], { cwd: unpacked, encoding: 'utf8', env: {} });
    expect(count()).toBe('0');
  });

  test('makes a zip of a few megabytes', () => {
    expect(statSync(checkout.path('.serverless/darkroom.zip')).size).toBeLessThan(20e6);
  });

  test('leaves the template and its parameters beside it for review', () => {
    const template = JSON.parse(checkout.read('.serverless/template.json')) as { resources: unknown[] };
    expect(template.resources.length).toBeGreaterThan(100);
    expect(JSON.parse(checkout.read('.serverless/parameters.json'))).toMatchObject({
      privateNetwork: { value: false },
    });
  });

  test('is loaded by the entry that package.json names', () => {
    const { main } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as { main: string };
    expect(files).toContain(main);
  });

  // A WebP: JavaScript alone reads none, so what answers is sharp.
  test('processes a photo with sharp where no node_modules is above it', async () => {
    const photo = await sharp({ create: { width: 900, height: 600, channels: 3, background: 'teal' } })
      .webp()
      .toBuffer();
    writeFileSync(join(unpacked, 'photo.webp'), photo);
    writeFileSync(join(unpacked, 'process.cjs'), processOne);
    const answer = JSON.parse(
      execFileSync(process.execPath, ['process.cjs'], { cwd: unpacked, encoding: 'utf8', env: {} }),
    ) as { variants: { name: string; width: number }[]; failure?: unknown };
    expect(answer.failure).toBeUndefined();
    expect(answer.variants).toEqual(
      expect.arrayContaining([
        { name: 'preview', width: 720 },
        { name: 'thumbnail', width: 160 },
      ]),
    );
  });

  test.each(['photo.heic', 'photo.jxl'])('holds the decoder that %s needs, and its thread', (name) => {
    cpSync(fileURLToPath(new URL(`../fixtures/images/${name}`, import.meta.url)), join(unpacked, name));
    writeFileSync(join(unpacked, 'process.cjs'), processOne.replace('photo.webp', name));
    const answer = execFileSync(process.execPath, ['process.cjs'], {
      cwd: unpacked,
      encoding: 'utf8',
      env: {},
    });
    expect(JSON.parse(answer)).toMatchObject({
      variants: expect.arrayContaining([{ name: 'preview', width: 320 }]) as unknown,
    });
  });

  test('does not start to process where sharp is missing', () => {
    const without = mkdtempSync(join(tmpdir(), 'darkroom-package-'));
    cpSync(join(unpacked, 'dist'), join(without, 'dist'), { recursive: true });
    const start = () => registeredFunctions(join(without, 'dist/main.cjs'), ['processing']);
    expect(start).toThrow(/The native image engine is not here/);
    expect(registeredFunctions(join(without, 'dist/main.cjs'), ['sales']).length).toBeGreaterThan(0);
    rmSync(without, { recursive: true });
  });

  test.each(appNames)('registers in %s the functions that serverless.yml lists for it', (app) => {
    const names = registeredFunctions(join(unpacked, 'dist/main.cjs'), apps[app].services).map(
      ({ name }) => name,
    );
    const listed = Object.entries(serverlessYml.functions)
      .filter(([, { app: where }]) => where.split(', ').includes(app))
      .map(([name]) => name);
    expect(names.sort()).toEqual(listed.sort());
  });
});

/** What the pool does with a worker process, once. */
const processOne = `
const { fork } = require('node:child_process');
const worker = fork('./dist/worker.cjs', { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
worker.once('message', ({ result, failure }) => {
  const variants = (result?.variants ?? []).map(({ name, width }) => ({ name, width }));
  process.stdout.write(JSON.stringify({ variants, failure }), () => process.exit(0));
});
const settings = { maxPixels: 5e7, timeoutMs: 20000, memoryMb: 512, engine: 'native' };
worker.send({ path: 'photo.webp', settings });
`;

/** Files of which V8 does not take what is compiled. */
const countRejected = `
const { readdirSync, readFileSync } = require('node:fs');
const vm = require('node:vm');
const rejected = [];
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options);
    if (options.cachedData === undefined || this.cachedDataRejected) rejected.push(options.filename);
  }
};
process.env.DARKROOM_SERVICES = 'sales';
const core = {
  registerFunction: () => ({}), registerHook: () => ({}), log() {},
  setProgrammingModel(model) { this.model = model; }, getProgrammingModel() { return this.model; },
};
require('node:module').registerHooks({
  resolve: (name, context, next) =>
    name === '@azure/functions-core' ? { url: 'core:', format: 'commonjs', shortCircuit: true } : next(name, context),
  load: (url, context, next) =>
    url === 'core:' ? { format: 'commonjs', source: 'module.exports = globalThis.core;', shortCircuit: true } : next(url, context),
});
globalThis.core = core;
require('./dist/main.cjs');
process.stdout.write(String(rejected.length), () => process.exit(0));
`;

describe('the native packages', () => {
  const { packages } = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  ) as {
    packages: Record<string, object>;
  };

  test('are those of linux-x64, whatever machine wrote the lock file, and no other platform', () => {
    expect(
      Object.keys(packages).filter((path) => /@img\/sharp-(darwin|win32|linux-arm)/.test(path)),
    ).not.toEqual([]);
    expect(Object.keys(nativePackages(packages)).sort()).toEqual(
      [
        '@img/colour',
        '@img/sharp-libvips-linux-x64',
        '@img/sharp-linux-x64',
        'detect-libc',
        'semver',
        'sharp',
      ].map((name) => `node_modules/${name}`),
    );
  });

  test('are an error when the lock file lacks one', () => {
    const name = 'node_modules/@img/sharp-libvips-linux-x64';
    const without = Object.fromEntries(Object.entries(packages).filter(([path]) => path !== name));
    expect(() => nativePackages(without)).toThrow(/no @img\/sharp-libvips-linux-x64/);
  });
});

describe('serverless.yml', () => {
  test('lists every function that the code registers, with route, hub, consumer group and schedule', () => {
    expect(serverlessYml.functions).toEqual(listFunctions(checkout.path('dist/main.cjs')));
  });

  test('names hubs and consumer groups as shared/stream/hubs.ts does, one reader a hub', () => {
    const events = Object.values(serverlessYml.functions).flatMap((one) =>
      one.events.flatMap(({ eventHub }) => eventHub ?? []),
    );
    for (const event of events as { hub: Hub; consumerGroup: string; connection: string }[]) {
      expect(Object.values(hubs)).toContain(event.hub);
      expect(event.consumerGroup).toBe(consumerGroups[event.hub]);
      expect(event.connection).toBe(eventHubsConnection);
    }
  });

  test('every service registers what it registers alone also beside all others', () => {
    const bundle = checkout.path('dist/main.cjs');
    const together = registeredFunctions(bundle, serviceNames).map(({ name }) => name);
    const alone = serviceNames.flatMap((service) =>
      registeredFunctions(bundle, [service]).map(({ name }) => name),
    );
    expect([...new Set(alone)].sort()).toEqual(together.sort());
  });
});
