import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import AdmZip from 'adm-zip';
import { Checkout, stageEnvironment } from './support/checkout.ts';
import { Azure } from './support/standin/azure.ts';
import { copyOf, type State } from './support/standin/state.ts';

jest.setTimeout(600_000);

let azure: Azure;
let checkout: Checkout;
/** The subscription after one deployment; each test starts from it. */
let deployed: State;

const sls = (command: string, ...more: readonly string[]) =>
  checkout.sls([command, '--stage', 'dev', ...more], stageEnvironment);
const deployFile = (file: string) => sls('deploy', '--package', file);

beforeAll(async () => {
  azure = await Azure.start();
  checkout = new Checkout(azure);
  expect(await sls('package')).toMatchObject({ code: 0 });
  await deployFile('.serverless/darkroom.zip');
  deployed = copyOf(azure.state);
});

beforeEach(() => {
  azure.reset();
  azure.state = copyOf(deployed);
});

afterAll(async () => {
  checkout.remove();
  await azure.close();
});

/** The same code as another release: one more file in the zip. */
function anotherPackage(): string {
  const zip = new AdmZip(checkout.path('.serverless/darkroom.zip'));
  zip.addFile('dist/release.txt', Buffer.from('another'));
  zip.writeZip(checkout.path('another.zip'));
  return 'another.zip';
}

const published = () => [...azure.state.publishes.values()].map(({ zip }) => zip);

describe('sls rollback', () => {
  test('publishes the release before the current one again, to every app', async () => {
    await deployFile(anotherPackage());
    const migrated = checkout.read('migrated.json');
    const { code, output } = await sls('rollback');
    expect(output).toContain('Every app runs the release of');
    expect(code).toBe(0);
    expect(output).toContain('schema: suits the release');
    expect(checkout.read('migrated.json')).toBe(migrated);
    const first = readFileSync(checkout.path('.serverless/darkroom.zip'));
    const second = readFileSync(checkout.path('another.zip'));
    expect(
      published().map((zip) => (zip.equals(first) ? 'first' : zip.equals(second) ? 'second' : 'unknown')),
    ).toEqual([
      ...Array<string>(4).fill('first'),
      ...Array<string>(4).fill('second'),
      ...Array<string>(4).fill('first'),
    ]);
  });

  test('says which releases there are when there is none to go back to', async () => {
    const { code, output } = await sls('rollback');
    expect(output).toContain('sls rollback failed at the step "find release"');
    expect(output).toMatch(/oldest first:\s+\d{4}-\d\d-\d\dT/);
    expect(code).not.toBe(0);
  });

  /** The release that runs asks something of the database that this checkout's migrations do not leave there. */
  function askForMore(): void {
    for (const [name, blob] of azure.state.blobs) {
      if (!/\/interfaces\/[0-9a-f]{64}\.json$/.test(name)) continue;
      const asked = JSON.parse(String(blob.bytes)) as { views: Record<string, Record<string, string>> };
      asked.views['sales.products']!['colour'] = 'text';
      azure.state.blobs.set(name, { ...blob, bytes: Buffer.from(JSON.stringify(asked)) });
    }
  }

  test('a deployment that takes from the release that runs what it uses is refused before it migrates', async () => {
    askForMore();
    checkout.write('migrated.json', '');
    const { code, output } = await deployFile(anotherPackage());
    expect(output).toContain('sls deploy failed at the step "way back"');
    expect(output).toContain('sales.products has no colour any more');
    expect(code).not.toBe(0);
    expect(checkout.read('migrated.json')).toBe('');
  });

  test('does not publish a release that the database does not serve any more', async () => {
    await deployFile(anotherPackage());
    askForMore();
    const before = published().length;
    const { code, output } = await sls('rollback');
    expect(output).toContain('failed at the step "schema"');
    expect(output).toContain('sales.products has no colour any more');
    expect(code).not.toBe(0);
    expect(published()).toHaveLength(before);
  });

  test('refuses a kept package that is not the one that was published', async () => {
    await deployFile(anotherPackage());
    for (const [name, blob] of azure.state.blobs) {
      if (name.endsWith('.zip')) azure.state.blobs.set(name, { ...blob, bytes: Buffer.from('tampered') });
    }
    const { code, output } = await sls('rollback');
    expect(output).toContain('failed at the step "fetch release"');
    expect(code).not.toBe(0);
  });
});

describe('sls rotate', () => {
  test('keeps the key that signed the links of today as the previous one', async () => {
    const before = azure.state.secrets.get('url-signing-key');
    const { code } = await sls('rotate');
    expect(code).toBe(0);
    expect(azure.state.secrets.get('url-signing-key-previous')).toBe(before);
    expect(azure.state.secrets.get('url-signing-key')).not.toBe(before);
    expect(azure.calls.filter((call) => call.endsWith('/restart'))).toEqual([
      expect.stringContaining('/sites/darkroom-dev-edge-'),
    ]);
  });
});

describe('sls info', () => {
  test('says what runs', async () => {
    const { code, output } = await sls('info');
    expect(output).toContain('darkroom-dev-edge-');
    expect(output).toContain('getImage');
    expect(output).toContain('Release of');
    expect(code).toBe(0);
  });

  test('says that nothing is deployed when nothing is', async () => {
    azure.reset();
    const { code, output } = await sls('info');
    expect(output).toContain('nothing is deployed to darkroom-dev');
    expect(code).not.toBe(0);
  });
});

describe('sls remove', () => {
  test('deletes nothing when there is nobody to ask', async () => {
    const { code, output } = await sls('remove');
    expect(output).toContain('failed at the step "confirm"');
    expect(code).not.toBe(0);
    expect(azure.state.group).toBeDefined();
  });

  test('deletes the resource group with --force', async () => {
    const { code } = await sls('remove', '--force');
    expect(code).toBe(0);
    expect(azure.state.group).toBeUndefined();
  });
});

describe('the production stage', () => {
  const deploy = (...more: readonly string[]) =>
    checkout.sls(
      ['deploy', '--stage', 'prod', '--package', '.serverless/darkroom.zip', ...more],
      stageEnvironment,
    );

  test('comes up in two regions with the pipeline standing by in one, and can be deployed again', async () => {
    azure.reset();
    const first = await deploy();
    expect(first.output).toContain('pipeline (secondary, stands by)');
    expect(first.code).toBe(0);
    // Apps that stand by take no package: six of eight run.
    expect(azure.state.publishes.size).toBe(6);
    expect(first.output).toContain('ledger digests: locked\n');
    const second = await deploy('--force');
    expect(second.output).toContain('resources');
    expect(second.output).toContain('ledger digests: locked already');
    expect(second.code).toBe(0);
  });

  /** Geo-redundant accounts, but those that hold what nobody may change: Azure fails these over for nobody. */
  const failOverStorage = (location: string): string[] => {
    const { resources } = azure.state;
    const held = [...resources.keys()].filter((id) => id.includes('/immutabilitypolicies/'));
    const accounts = [...resources].filter(
      ([id, { type, ...account }]) =>
        type === 'Microsoft.Storage/storageAccounts' &&
        (account['sku'] as { name: string }).name === 'Standard_RAGZRS' &&
        !held.some((policy) => policy.startsWith(`${id}/`)),
    );
    for (const [id, account] of accounts) resources.set(id, { ...account, location });
    return accounts.map(([, { name }]) => name.replace(/[0-9a-f]{10}$/, ''));
  };

  /** What the runbook's first three steps do: docs/disaster-recovery.md. */
  const loseRegion = () => {
    azure.state.lostRegion = 'westeurope';
    for (const [id, resource] of azure.state.resources)
      if (resource.type.endsWith('/disasterRecoveryConfigs')) azure.state.resources.delete(id);
    expect(failOverStorage('northeurope')).toEqual(['drimg', 'drlake']);
  };

  test('fails over touching only what is alive, and back', async () => {
    azure.reset();
    await deploy();
    loseRegion();
    azure.state.calls.length = 0;
    azure.state.publishes.clear();
    const over = await deploy('--param', 'failedOver=true');
    expect(over.output).toContain('4 apps switched on');
    expect(over.code).toBe(0);
    const [deployment] = [...azure.state.deployments.values()].slice(-1);
    expect(deployment?.properties['made']).toEqual(
      expect.arrayContaining([
        'Microsoft.Network/privateEndpoints',
        'Microsoft.Cdn/profiles/originGroups/origins',
      ]),
    );
    const running = [...azure.state.sites].filter(([, { functions }]) => functions.length > 0);
    expect(running.filter(([name]) => /-(pipeline|maintenance)2-/.test(name))).toHaveLength(2);
    const asked = azure.writes.filter((call) =>
      /-(edge|pipeline|desks|maintenance)-\w+\.|drweb(?!2)/.test(call),
    );
    expect(asked).toEqual([]);

    azure.state.lostRegion = undefined;
    failOverStorage('westeurope');
    const back = await deploy('--force');
    expect(back.output).toContain('pipeline (secondary, stands by)');
    expect(back.code).toBe(0);
  });
});
