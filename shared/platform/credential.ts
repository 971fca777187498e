import type { TokenCredential } from '@azure/identity';

/**
 * The credential of this process: the user-assigned managed identity with this client id, else whatever the default
 * chain finds. @azure/identity is large, so it is loaded when the first token is needed: never, on one machine.
 */
export function credentialOf(clientId?: string): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  const credential = (): Promise<TokenCredential> =>
    (made ??= import('@azure/identity').then(({ DefaultAzureCredential, ManagedIdentityCredential }) =>
      clientId === undefined ? new DefaultAzureCredential() : new ManagedIdentityCredential({ clientId }),
    ));
  return { getToken: async (scopes, options) => (await credential()).getToken(scopes, options) };
}
