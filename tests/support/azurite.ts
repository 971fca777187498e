import { randomBytes } from 'node:crypto';
import { endpointsOf, storageAccount } from '../../infra/local/supervisor/settings.ts';
import { freePorts } from '../../infra/local/supervisor/ports.ts';
import { runPart, type TestPart } from './part.ts';

/** Azurite on a free port, its data under `directory`; answers its connection string. */
export async function runAzurite(directory: string): Promise<{ part: TestPart; storage: string }> {
  const ports = await freePorts();
  const storageKey = randomBytes(64).toString('base64');
  const part = await runPart(
    'infra/local/azurite/main.ts',
    ['--data', `${directory}/azurite`, '--port', String(ports.blob)],
    { AZURITE_ACCOUNTS: `${storageAccount}:${storageKey}` },
  );
  const { storage } = endpointsOf(ports, { storageKey, eventHubsKey: '', urlSigningKey: '' }, directory);
  return { part, storage };
}
