import { call, concat, variable, type Expression } from './expressions.ts';
import { appNames, hosts } from './apps.ts';
import { grant, grantTo } from './identities.ts';
import { parameter } from './parameters.ts';
import { privateEndpoint, publicAccess } from './network.ts';
import { Resource } from './resource.ts';

/** What signs the ledger of erasures. It is made once: a new key would be another log. */
export const ledgerKey = 'ledger-key';

/** Secrets that `sls deploy` makes when they are not there (random, never seen) and `sls rotate` replaces. */
export const signingKeys = { current: 'url-signing-key', previous: 'url-signing-key-previous' } as const;

const makeVault = (name: Expression): Resource =>
  new Resource('Microsoft.KeyVault/vaults', [name], {
    location: parameter('location'),
    properties: {
      tenantId: call('subscription').get('tenantId'),
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      publicNetworkAccess: publicAccess,
      networkAcls: {
        bypass: 'AzureServices',
        defaultAction: call('if', parameter('privateNetwork'), 'Deny', 'Allow'),
      },
    },
  });

export const vaultName = concat('dr-', parameter('stage'), '-', variable('suffix'));
export const vault = makeVault(vaultName);

/** A vault of its own, since rights are to a vault: who signs the ledger has no business with the key of addresses. */
export const ledgerVaultName = concat('dl-', parameter('stage'), '-', variable('suffix'));
export const ledgerVault = makeVault(ledgerVaultName);

/** The key under which storage and SQL encrypt, when the stage keeps its own; it renews itself every year. */
export const encryptionKey = new Resource('Microsoft.KeyVault/vaults/keys', [vaultName, 'encryption'], {
  condition: parameter('customerManagedKeys'),
  dependsOn: [vault.id],
  properties: {
    kty: 'RSA',
    keySize: 3072,
    keyOps: ['wrapKey', 'unwrapKey'],
    rotationPolicy: {
      lifetimeActions: [{ trigger: { timeAfterCreate: 'P1Y' }, action: { type: 'rotate' } }],
      attributes: { expiryTime: 'P2Y' },
    },
  },
});

export const encryptionGrant = grant('encryption', 'Key Vault Crypto Service Encryption User', vault, {
  why: 'Storage and SQL wrap their encryption keys with the key of this stage.',
  condition: parameter('customerManagedKeys'),
});

export const keyVaultResources: readonly Resource[] = [
  vault,
  ledgerVault,
  encryptionKey,
  encryptionGrant,
  ...appNames
    .filter((app) => hosts(app, 'read'))
    .map((app) =>
      grant(app, 'Key Vault Secrets User', vault, { why: 'Reads the key that signs image URLs, at start.' }),
    ),
  ...appNames
    .filter((app) => hosts(app, 'read') || hosts(app, 'purge'))
    .map((app) =>
      grant(app, 'Key Vault Secrets User', ledgerVault, {
        why: 'Reads the key that signs the ledger, at start.',
      }),
    ),
  grantTo('deployerPrincipalId', 'Key Vault Secrets Officer', vault, {
    why: '`sls rotate` replaces signing keys.',
  }),
  ...privateEndpoint('vault', 'vault', vault),
  ...privateEndpoint('ledger-vault', 'vault', ledgerVault),
];
