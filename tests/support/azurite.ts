import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../infra/local/supervisor/ports.ts';
import {
  ledgerAccount,
  ledgerAddress,
  storageAccount,
  storageAddress,
} from '../../infra/local/supervisor/settings.ts';
import { blobService } from '../../shared/platform/blobs/blob-service.ts';
import { ledgerContainer } from '../../shared/platform/blobs/containers.ts';
import { runComponent, type TestComponent } from './component.ts';
import { offered } from './offered.ts';

interface TestAzurite {
  readonly component: TestComponent;
  /** Connection string of the images' account. */
  readonly storage: string;
  /** Of the ledger's account, as services have it. */
  readonly ledger: string;
  /** Starts it anew, on the same port, after it was ended; perhaps on a disk of which so many bytes are to stay free. */
  again(reserve?: number): Promise<TestAzurite>;
}

const makeKey = (): string => randomBytes(64).toString('base64');

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

/** Azurite on a free port, its data under `directory`, for a test that ends it or looks at its disk. */
export const runAzurite = async (directory: string, collect?: number): Promise<TestAzurite> =>
  run(directory, { port: await freePort(), key: makeKey(), collect });

/** Where a pair of accounts is, and their names. */
interface Pair {
  readonly port: number;
  readonly key: string;
  readonly images: string;
  readonly ledger: string;
}

/** More than the tests ask for; Azurite learns of its accounts when it starts. */
const pairs = 500;

/** An Azurite that many share, each with accounts of its own. */
export async function startAccounts(): Promise<{ component: TestComponent; next: () => Pair }> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-azurite-'));
  const [port, key] = [await freePort(), makeKey()];
  const pair = (number: number): Pair => ({
    port,
    key,
    images: `images${number}`,
    ledger: `ledger${number}`,
  });
  const names = Array.from({ length: pairs }, (_, number) => pair(number)).flatMap(({ images, ledger }) => [
    images,
    ledger,
  ]);
  const component = await runComponent(
    'infra/local/azurite/main.ts',
    ['--data', directory, '--port', String(port), '--reserve', '0'],
    { AZURITE_ACCOUNTS: names.map((name) => `${name}:${key}`).join(';') },
  );
  let given = 0;
  return {
    component: {
      ...component,
      async stop(signal) {
        const code = await component.stop(signal);
        await rm(directory, { recursive: true, force: true });
        return code;
      },
    },
    next() {
      if (given === pairs) throw new Error(`More than ${pairs} pairs of accounts were asked for.`);
      return pair(given++);
    },
  };
}

export interface TestAccounts extends Pick<TestAzurite, 'storage' | 'ledger'> {
  drop(): Promise<void>;
}

/** Accounts of the caller's own: in jest in the Azurite of the run, elsewhere in one with its data under `directory`. */
export async function testAccounts(directory: string): Promise<TestAccounts> {
  const given = await offered<Pair>('accounts');
  if (given === undefined) {
    const { component, storage, ledger } = await runAzurite(directory);
    return { storage, ledger, drop: () => component.stop().then(() => undefined) };
  }
  const { port, key } = given;
  const storage = storageAddress(port, key, given.images);
  const owners = [storage, storageAddress(port, key, given.ledger)].map((address) => blobService(address));
  await owners[1]!.getContainerClient(ledgerContainer).createIfNotExists();
  return {
    storage,
    ledger: ledgerAddress(port, key, given.ledger),
    async drop() {
      for (const service of owners)
        for await (const { name } of service.listContainers()) await service.deleteContainer(name);
    },
  };
}
