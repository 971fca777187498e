import { call, concat, variable } from './expressions.ts';
import { appNames, hosts } from './apps.ts';
import { grant, grantTo } from './identities.ts';
import { parameter } from './parameters.ts';
import { privateEndpoint, publicAccess } from './network.ts';
import { Resource } from './resource.ts';

/** Secrets that `sls deploy` makes when they are not there (random, never seen) and `sls rotate` replaces. */
export const signingKeys = { current: 'url-signing-key', previous: 'url-signing-key-previous' } as const;

export const vaultName = concat('dr-', parameter('stage'), '-', variable('suffix'));

export const vault = new Resource('Microsoft.KeyVault/vaults', [vaultName], {
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
  encryptionKey,
  encryptionGrant,
  ...appNames
    .filter((app) => hosts(app, 'read'))
    .map((app) =>
      grant(app, 'Key Vault Secrets User', vault, { why: 'Reads the key that signs image URLs, at start.' }),
    ),
  grantTo('deployerPrincipalId', 'Key Vault Secrets Officer', vault, {
    why: '`sls rotate` replaces signing keys.',
  }),
  ...privateEndpoint('vault', 'vault', vault),
];
