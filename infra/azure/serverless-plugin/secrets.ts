import { randomBytes } from 'node:crypto';
import { makeNoteKey } from '../../../shared/images/erase/ledger/signed-note.ts';
import { hosts, type AppName } from '../template/apps.ts';
import { ledgerKey, signingKeys } from '../template/key-vault.ts';
import { inGroup, type Context, type Outputs } from './context.ts';

const version = '2025-05-01';

const randomKey = (): string => randomBytes(48).toString('base64');

/**
 * Makes the keys that are not there yet, through Resource Manager: that needs no way into the vault's network
 * and never reads a value. Those of addresses start random: an empty previous key would be one that anybody knows.
 */
export async function ensureSecrets(
  context: Context,
  { vault, ledgerVault }: Outputs,
): Promise<readonly string[]> {
  const made: string[] = [];
  const secrets = [
    ...Object.values(signingKeys).map((name) => ({
      ...{ name, of: vault, make: randomKey, contentType: 'base64' },
    })),
    {
      ...{ name: ledgerKey, of: ledgerVault, make: () => makeNoteKey(`${ledgerVault}/ledger`) },
      contentType: 'c2sp.org/signed-note',
    },
  ];
  for (const { name, of, make, contentType } of secrets) {
    const url = inGroup(context, `/providers/Microsoft.KeyVault/vaults/${of}/secrets/${name}`, version);
    const { status } = await context.client.send('GET', url, { accept: [404] });
    if (status !== 404) continue;
    await context.client.send('PUT', url, {
      json: { properties: { value: make(), contentType } },
    });
    made.push(name);
  }
  return made;
}

/** The current key becomes the previous one and a new one takes its place: links signed before stay good. */
export async function rotateSigningKey(context: Context, { vault }: Outputs): Promise<void> {
  const at = (name: string) => `https://${vault}.vault.azure.net/secrets/${name}?api-version=7.5`;
  const { body } = await context.client.send<{ value: string }>('GET', at(signingKeys.current), {
    scope: 'vault',
  });
  for (const [name, value] of [
    [signingKeys.previous, body.value],
    [signingKeys.current, randomKey()],
  ] as const) {
    await context.client.send('PUT', at(name), { scope: 'vault', json: { value, contentType: 'base64' } });
  }
}

/** App settings that come from the vault are read at start: a restart makes the apps that sign see new keys at once. */
export async function restartSigners(context: Context, { functionApps }: Outputs): Promise<void> {
  for (const { app, name, enabled } of functionApps) {
    if (!enabled || !hosts(app as AppName, 'read')) continue;
    await context.client.send(
      'POST',
      inGroup(context, `/providers/Microsoft.Web/sites/${name}/restart`, '2024-11-01'),
    );
  }
}
