import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { buildFixture } from '../contract/infra/local/functions-host/fixture/build.ts';
import { testAccounts } from './azurite.ts';
import { runComponent, type TestComponent } from './component.ts';

/** The keys of a fixture's host. */
export const hostKeys = { master: 'the-master-key', function: 'a-function-key' } as const;

const keyFile = {
  masterKey: { name: 'master', value: hostKeys.master, encrypted: false },
  functionKeys: [{ name: 'default', value: hostKeys.function, encrypted: false }],
};

export interface FixtureHost {
  readonly directory: string;
  readonly address: URL;
  readonly host: TestComponent;
  close(): Promise<void>;
}

/** The fixture app in the local host, with blob storage and no event hubs. */
export async function runFixtureHost(
  options: {
    environment?: Readonly<Record<string, string>>;
    hostJson?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<FixtureHost> {
  const directory = await mkdtemp(`${tmpdir()}/darkroom-host-`);
  const [bundle, accounts] = await Promise.all([
    buildFixture(directory, options.hostJson),
    testAccounts(directory),
    writeFile(`${directory}/keys.json`, JSON.stringify(keyFile)),
  ]);
  const starting = runComponent(
    'infra/local/functions-host/main.ts',
    [
      ...['--bundle', bundle, '--host-json', `${directory}/host.json`, '--port', '0'],
      ...['--pages', `${directory}/pages`, '--keys', `${directory}/keys.json`],
    ],
    {
      AzureWebJobsStorage: accounts.storage,
      FIXTURE_HUB: 'image-processing',
      FIXTURE_TIMER: '0 0 0 1 1 *',
      FIXTURE_HUBS:
        'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=none;SharedAccessKey=none;UseDevelopmentEmulator=true',
      ...options.environment,
    },
  );
  const host = await starting.catch(async (error: unknown) => {
    await accounts.drop();
    throw error;
  });
  return {
    directory,
    address: new URL(`http://127.0.0.1:${String(host.announcement['port'])}`),
    host,
    async close() {
      await host.stop('SIGKILL');
      await accounts.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
