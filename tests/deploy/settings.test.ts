import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { readSettings, settings } from '../../shared/platform/config.ts';
import { apps, appNames, type AppName } from '../../infra/azure/template/apps.ts';
import { hostSettings, maxImageBytes, notOnAzure, sources } from '../../infra/azure/template/settings.ts';
import { roomFor } from '../../shared/images/process/file/spool.ts';
import { workerCount } from '../../shared/images/process/pool.ts';
import { primary } from '../../infra/azure/template/names.ts';
import { serviceNames } from '../../shared/platform/services.ts';
import { stageNames, stageOf } from './support/stages.ts';

const schema = Object.keys(settings.shape);

/** The app settings of a deployed app, worked out as Resource Manager would. */
function settingsOf(stage: (typeof stageNames)[number], app: AppName): Record<string, string> {
  const site = stageOf(stage)
    .deploy()
    .find(
      ({ type, tags }) =>
        type === 'Microsoft.Web/sites' && (tags as Record<string, string>)['darkroom-app'] === app,
    );
  const { siteConfig } = site?.['properties'] as {
    siteConfig: { appSettings: { name: string; value: string }[] };
  };
  return Object.fromEntries(siteConfig.appSettings.map(({ name, value }) => [name, value]));
}

/** Every variable of the environment that production code reads by name. */
function variablesInCode(): Set<string> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`${root}${folder}/${file}`, 'utf8')),
  );
  const read = /process\.env(?:\.(\w+)|\[['"](\w+)['"]\])/g;
  return new Set(
    files.flatMap((text) => [...text.matchAll(read)].map((match) => match[1] ?? match[2] ?? '')),
  );
}

const cases = stageNames.flatMap((stage) => appNames.map((app) => [stage, app] as const));

describe('app settings', () => {
  test('production code reads the environment through the schema of shared/platform/config.ts', () => {
    expect([...variablesInCode()].filter((name) => !schema.includes(name))).toEqual([]);
  });

  test('every setting of the schema is set by the template, or listed with why it is not', () => {
    const given = [...Object.keys(sources), ...Object.keys(notOnAzure)];
    expect(given.sort()).toEqual([...schema].sort());
  });

  test('images at once fit the temporary disk of an instance, 0.8 GB, beside 100 MB of others', () => {
    const workers = workerCount(512, 1, 2048 * 2 ** 20);
    expect(roomFor(maxImageBytes, workers).bytes).toBeLessThan(0.7e9);
  });

  test('every service is hosted by exactly one app', () => {
    const hosted = appNames.flatMap((app) => [...apps[app].services]);
    expect(hosted.sort()).toEqual([...serviceNames].sort());
  });

  test.each(cases)('the code of %s accepts what the template gives to %s', (stage, app) => {
    const given = settingsOf(stage, app);
    // Front Door's host and the vault's secret are known only on Azure.
    const there = Object.fromEntries(
      Object.entries({ ...given, DARKROOM_PUBLIC_URL: 'https://example.azurefd.net' }).map(
        ([name, value]) => [name, value.startsWith('@Microsoft.KeyVault(') ? 'k'.repeat(64) : value],
      ),
    );
    expect(readSettings(there).DARKROOM_SERVICES).toBe(apps[app].services.join(','));
  });

  test.each(cases)('%s gives %s nothing that neither the code nor the Functions host reads', (stage, app) => {
    const ofHost = Object.keys(hostSettings(app, primary, ''));
    const unknown = Object.keys(settingsOf(stage, app)).filter(
      (name) => !schema.includes(name) && !ofHost.includes(name),
    );
    expect(unknown).toEqual([]);
  });

  test.each(cases)('%s sets nothing for %s that Flex Consumption refuses', (stage, app) => {
    const refused =
      /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_|SCM_DO_BUILD|ENABLE_ORYX)/;
    expect(Object.keys(settingsOf(stage, app)).filter((name) => refused.test(name))).toEqual([]);
  });

  test('only the app that signs addresses refers to the signing keys, by reference', () => {
    for (const app of appNames) {
      const names = Object.entries(settingsOf('prod', app)).filter(([name]) => /SIGNING_KEY/.test(name));
      expect(names.map(([name]) => name)).toEqual(
        app === 'edge' ? ['DARKROOM_URL_SIGNING_KEY', 'DARKROOM_URL_SIGNING_KEY_PREVIOUS'] : [],
      );
      for (const [, value] of names)
        expect(value).toMatch(
          /^@Microsoft\.KeyVault\(VaultName=[\w-]+;SecretName=url-signing-key(-previous)?\)$/,
        );
    }
  });

  test('each app has the settings of its own services only', () => {
    const names = Object.fromEntries(appNames.map((app) => [app, Object.keys(settingsOf('prod', app))]));
    expect(names['desks']).not.toContain('DARKROOM_STORAGE_WRITER_CLIENT_ID');
    expect(names['desks']).not.toContain('DARKROOM_EVENT_HUBS__fullyQualifiedNamespace');
    expect(names['desks']).not.toContain('DARKROOM_LAKE_STORAGE');
    expect(names['pipeline']).not.toContain('DARKROOM_LAKE_CLIENT_ID');
    expect(names['maintenance']).toContain('DARKROOM_LAKE_CLIENT_ID');
  });
});
