import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import AdmZip from 'adm-zip';
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
  test('ships the bundle, host.json and package.json, and nothing else', () => {
    expect(files).toEqual(expect.arrayContaining(['dist/main.cjs', 'host.json', 'package.json']));
    expect(files.filter((file) => !/^(dist\/|host\.json$|package\.json$)/.test(file))).toEqual([]);
    expect(files.filter((file) => /function\.json$|\.map$|\.ts$|\/\./.test(file))).toEqual([]);
  });

  test('has native parts for linux-x64 only', () => {
    const native = files.filter((file) => /\.(node|so)(\.|$)/.test(file));
    expect(native.filter((file) => !/linux-?x64/.test(file))).toEqual([]);
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
