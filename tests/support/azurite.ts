import { randomBytes } from 'node:crypto';
import { freePort } from '../../infra/local/supervisor/ports.ts';
import {
  ledgerAccount,
  ledgerAddress,
  storageAccount,
  storageAddress,
} from '../../infra/local/supervisor/settings.ts';
import { runComponent, type TestComponent } from './component.ts';

interface TestAzurite {
  readonly component: TestComponent;
  /** Connection string of the images' account. */
  readonly storage: string;
  /** Of the ledger's account, as services have it. */
  readonly ledger: string;
  /** Starts it anew, on the same port, after it was ended; perhaps on a disk of which so many bytes are to stay free. */
  again(reserve?: number): Promise<TestAzurite>;
}

interface Options {
  readonly port: number;
  readonly key: string;
  /** Milliseconds between two looks for files that no blob is in. */
  readonly collect?: number | undefined;
}

async function run(directory: string, options: Options, reserve = 0): Promise<TestAzurite> {
  const { port, key, collect } = options;
  const component = await runComponent(
    'infra/local/azurite/main.ts',
    [
      ...['--data', `${directory}/azurite`, '--port', String(port), '--reserve', String(reserve)],
      ...(collect === undefined ? [] : ['--collect', String(collect)]),
    ],
    { AZURITE_ACCOUNTS: `${storageAccount}:${key};${ledgerAccount}:${key}` },
  );
  const addresses = { storage: storageAddress(port, key), ledger: ledgerAddress(port, key) };
  return { component, ...addresses, again: (wanted) => run(directory, options, wanted) };
}

/** Azurite on a free port, its data under `directory`. */
export const runAzurite = async (directory: string, collect?: number): Promise<TestAzurite> =>
  run(directory, { port: await freePort(), key: randomBytes(64).toString('base64'), collect });
